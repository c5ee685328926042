// A place where hosts come to a simulated board, one at a time. Nothing here waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <poll.h>

namespace settle {

/// Who is at a port: nobody; one who has left and whose last bytes are not read yet; one who is there.
enum class Client { none, left, here };

class ClientPort {
 public:
  virtual ~ClientPort() = default;

  /// Where hosts find it, as they name it: "serial:/dev/pts/3", "tcp:127.0.0.1:5123". A hang-up may change it.
  virtual std::string name() const = 0;

  /// Looks who came or left.
  virtual Client look() = 0;

  /// Takes up to `size` bytes that the client sent; 0 if none are there.
  virtual std::size_t read(std::uint8_t* bytes, std::size_t size) = 0;

  /// Hands over what the client takes now; returns how many bytes. They are lost if it left.
  virtual std::size_t write(const std::uint8_t* bytes, std::size_t size) = 0;

  /// The client is thrown out and learns it; it may come again. Throws Error if the port cannot be opened anew.
  virtual void hang_up() = 0;

  /// Adds what poll() is to watch: who comes and leaves; with `reading`, bytes from the client; with `writing`, room
  /// for bytes to it. Returns false if poll() cannot see who comes: one has to look again after a while.
  virtual bool watch(std::vector<pollfd>& entries, bool reading, bool writing) const = 0;
};

}  // namespace settle
