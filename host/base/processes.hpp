// Other processes of this computer, as /proc shows them: who has a serial port open, who serves a TCP port. What
// another user's processes have open is seen by root alone; then nobody is found.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/stat.h>
#include <sys/types.h>

namespace settle {

struct Process {
  pid_t pid = 0;
  std::string name;  ///< "" if it is not known

  std::string text() const;  ///< "minicom (pid 4711)", or "pid 4711"
};

/// The process, if there is one of that number.
std::optional<Process> process(pid_t pid);

/// One that has the terminal open. `own_file`: a file of this process that does not count; with -1 nothing of this
/// process does. Whoever has the other side of a pseudo-terminal is no user of it.
std::optional<Process> user_of_terminal(const struct stat& terminal, int own_file = -1);

/// The one that has the other side of a pseudo-terminal.
std::optional<Process> server_of_terminal(const std::filesystem::path& terminal);

/// One that has a USB device open, past the kernel's own drivers.
std::optional<Process> user_of_usb();

/// The one that listens on a TCP port of this computer.
std::optional<Process> server_of_tcp(int port);

/// The one whose connection to a TCP port of this computer stands.
std::optional<Process> client_of_tcp(int port);

}  // namespace settle
