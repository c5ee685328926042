// crc32_serial against the definition of IEEE 802.3, written the other way round: a register that shifts towards its
// highest bit, polynomial 0x04c11db7, bits of a byte lowest first, and the check is the inverted register read
// backwards.
//
// Assumed: a clear before the first byte; a byte only while the one before it is not under way, as frame_receiver's
// line and frame_sender keep it; no byte with a clear.
module crc32_serial_properties #(
  parameter int Residue = 0  // 1: the residue alone, which is said of the definition
) (
  input logic        clk_i,
  input logic        clear_i,
  input logic        valid_i,
  input logic [7:0]  byte_i,
  // For the residue: any state of the register and any four bytes after it.
  input logic [31:0] before_i,
  input logic [31:0] check_i
);

  logic        busy_o;
  logic [31:0] crc_o;

  crc32_serial dut (
    .clk_i  (clk_i),
    .clear_i(clear_i),
    .valid_i(valid_i),
    .byte_i (byte_i),
    .busy_o (busy_o),
    .crc_o  (crc_o)
  );

  // One bit into the register of the definition.
  function logic [31:0] take_bit(input logic [31:0] register, input logic data);
    take_bit = {register[30:0], 1'b0} ^ ((register[31] != data) ? 32'h04c11db7 : 32'd0);
  endfunction

  function logic [31:0] take_byte(input logic [31:0] register, input logic [7:0] data);
    take_byte = register;
    for (int i = 0; i < 8; i++) take_byte = take_bit(take_byte, data[i]);
  endfunction

  function logic [31:0] backwards(input logic [31:0] register);
    for (int i = 0; i < 32; i++) backwards[i] = register[31-i];
  endfunction

  logic        began_q = 1'b0;
  logic [31:0] defined_q;
  logic [3:0]  age_q = 4'd0;    // cycles since a byte came, until it must be complete
  logic [1:0]  bytes_q;

  always_ff @(posedge clk_i) begin
    began_q <= 1'b1;
    if (clear_i) begin
      defined_q <= '1;
      bytes_q   <= 2'd0;
    end else if (valid_i) begin
      defined_q <= take_byte(defined_q, byte_i);
      bytes_q   <= bytes_q + 2'd1;
    end
    if (valid_i) age_q <= 4'd8;
    else if (clear_i || age_q == 4'd0) age_q <= 4'd0;
    else age_q <= age_q - 4'd1;
  end

  generate
    if (Residue != 0) begin : gen_residue
      // The residue: four bytes lead to it if and only if they are the check, low byte first.
      logic [31:0] after;
      logic        is_check, is_residue;

      always_comb begin
        after = before_i;
        for (int i = 0; i < 4; i++) after = take_byte(after, check_i[8*i +: 8]);
      end
      // Fewer than four bytes after a clear.
      logic [127:0] short_of;
      always_comb begin
        short_of[31:0] = 32'hffffffff;
        for (int i = 0; i < 3; i++) begin
          short_of[32*(i+1) +: 32] = take_byte(short_of[32*i +: 32], check_i[8*i +: 8]);
        end
      end

      assign is_check   = (check_i == ~backwards(before_i));
      assign is_residue = (backwards(after) == 32'hdebb20e3);

      always_comb begin
        assert (is_check == is_residue);
        for (int i = 0; i < 4; i++) assert (backwards(short_of[32*i +: 32]) != 32'hdebb20e3);
        cover (is_residue && before_i == 32'h12345678);
      end
    end else begin : gen_definition
      always_comb begin
        if (!began_q) assume (clear_i);
        if (busy_o && began_q || clear_i) assume (!valid_i);
        if (began_q) begin
          assert (busy_o == (age_q != 4'd0));
          if (!busy_o) assert (crc_o == backwards(defined_q));
        end
        cover (began_q && bytes_q == 2'd2 && !busy_o && !clear_i);
        cover (began_q && busy_o && clear_i);
      end
    end
  endgenerate

endmodule
