// For settle-bench: the array in Icarus. Replays port writes from a file, the last of which starts a run, waits for its
// end and prints what the host reads back.
//
//   vvp icarus.vvp +writes=FILE +count=N +cells=N
//
// FILE: N lines of 16 hex digits, address and value. Printed: "cycles N", then "state HEX" for every cell.
module icarus_bench;

  localparam int MaxWrites = 65536;

  logic        clk = 1'b0;
  logic        rst = 1'b1;
  logic        req_valid = 1'b0;
  logic        req_write = 1'b0;
  logic [23:0] req_addr = '0;
  logic [31:0] req_wdata = '0;
  logic        rsp_valid, rsp_error, busy;
  logic [31:0] rsp_rdata;

  settle_array u_array (
    .clk_i      (clk),
    .rst_i      (rst),
    .req_valid_i(req_valid),
    .req_write_i(req_write),
    .req_addr_i (req_addr),
    .req_wdata_i(req_wdata),
    .rsp_valid_o(rsp_valid),
    .rsp_error_o(rsp_error),
    .rsp_rdata_o(rsp_rdata),
    .busy_o     (busy)
  );

  always #5 clk = !clk;

  // The answer of the last access: the port's data are the answer only while rsp_valid is 1.
  logic [31:0] answer;

  // Requests change at the falling edge, so that no order of events at the rising one matters.
  task access(input logic write, input logic [23:0] address, input logic [31:0] value);
    begin
      req_valid = 1'b1;
      req_write = write;
      req_addr  = address;
      req_wdata = value;
      @(negedge clk);
      req_valid = 1'b0;
      while (rsp_valid !== 1'b1) @(negedge clk);
      if (rsp_error !== 1'b0) begin
        $display("access to address %h refused", address);
        $finish_and_return(1);
      end
      answer = rsp_rdata;
      @(negedge clk);
    end
  endtask

  reg [8*1024:1] path;
  integer        count, cells;
  logic [63:0]   writes [0:MaxWrites-1];

  initial begin
    if (!$value$plusargs("writes=%s", path) || !$value$plusargs("count=%d", count) ||
        !$value$plusargs("cells=%d", cells) || count > MaxWrites) begin
      $display("usage: vvp icarus.vvp +writes=FILE +count=N +cells=N, N <= %0d", MaxWrites);
      $finish_and_return(1);
    end
    $readmemh(path, writes, 0, count - 1);
    repeat (8) @(negedge clk);
    rst = 1'b0;
    for (int i = 0; i < count; i++) access(1'b1, writes[i][55:32], writes[i][31:0]);
    while (busy !== 1'b0) @(negedge clk);
    access(1'b0, {4'd0, settle_pkg::RegCyclesLo}, '0);
    $display("cycles %0d", answer);
    for (int i = 0; i < cells; i++) begin
      access(1'b0, {settle_pkg::RegionState, 20'(i)}, '0);
      $display("state %h", answer);
    end
    $finish;
  end

endmodule
