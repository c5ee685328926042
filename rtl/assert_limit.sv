// One of the limits that a module's header states, checked in simulation: while holds_i is low at a clock edge and
// rst_i is low too, the simulation ends with an error that names this instance, and with its name the limit.
//
// Checked where the macro SETTLE_ASSERT is defined and Verilator is given --assert: in the verilated modules of
// tests/rtl_modules and in arrays that only tests use (sim/CMakeLists.txt). Everywhere else this module is empty: in
// synthesis, in Icarus, in proofs, which say such things themselves, and in the engines that users run, whose speed it
// must not touch. A module and not a macro: no tool needs a path to a file that others include.
//
// Limits on parameters end elaboration instead, in every tool, by an instance of a module that does not exist.
module assert_limit (
  input logic clk_i,
  input logic rst_i,     // 1'b0 in modules without a reset
  input logic holds_i
);

`ifdef SETTLE_ASSERT
  logic [1:0] age_q = 2'd0;   // before the third clock cycle no reset may have been: nothing is checked

  always_ff @(posedge clk_i) begin
    if (age_q != 2'd2) age_q <= age_q + 2'd1;
    else if (!rst_i) begin
      assert (holds_i) else $error("a limit that the module's header states does not hold");
    end
  end
`else
  logic unused_inputs;
  assign unused_inputs = ^{clk_i, rst_i, holds_i};
`endif

endmodule
