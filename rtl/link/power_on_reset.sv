// The reset of a board at power-up: from configuration until 1024 cycles after the PLL has locked, and anew whenever it
// loses its lock. iCE40 block RAMs answer with their contents only microseconds after configuration; at any clock
// below 200 MHz 1024 cycles are more than five of them.
//
// Flip-flops of FPGAs start at 0, here said so: nothing resets the reset.
module power_on_reset (
  input  logic clk_i,     // the PLL's output
  input  logic locked_i,  // asynchronous
  output logic rst_o
);

  logic        sync_q   = 1'b0;
  logic        locked_q = 1'b0;
  logic [10:0] count_q  = 11'd0;  // stays at 1024

  always_ff @(posedge clk_i) begin
    sync_q   <= locked_i;
    locked_q <= sync_q;
    if (!locked_q) begin
      count_q <= 11'd0;
    end else if (!count_q[10]) begin
      count_q <= count_q + 11'd1;
    end
  end

  assign rst_o = !count_q[10];

endmodule
