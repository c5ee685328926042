// Carries out the requests of a link on the array's port and answers them. rtl/link/README.md has the protocol.
//
// Requests are carried out one after the other, each at most once: a number says which is due, and one that comes again
// after it was done is answered and not done again (a read is: it changes nothing).
module link_executor #(
  localparam int AddrW = $clog2(settle_pkg::LinkBuffer)
) (
  input  logic             clk_i,
  input  logic             rst_i,
  input  logic             tick_i,         // every 65536 cycles
  // Frames: see frame_receiver.
  input  logic [AddrW-1:0] end_i,
  output logic [AddrW-1:0] head_o,
  output logic [AddrW-1:0] raddr_o,
  input  logic [7:0]       rdata_i,
  input  logic             error_i,
  input  logic             late_i,
  // Answers: see frame_sender.
  output logic             valid_o,
  output logic [7:0]       byte_o,
  output logic             last_o,
  input  logic             ready_i,
  // The array's port.
  output logic             array_rst_o,
  output logic             req_valid_o,
  output logic             req_write_o,
  output logic [23:0]      req_addr_o,
  output logic [31:0]      req_wdata_o,
  input  logic             rsp_valid_i,
  input  logic             rsp_error_i,
  input  logic [31:0]      rsp_rdata_i,
  input  logic             busy_i
);

  // Idle: a frame is awaited. Load: its length, number, request and address come from the buffer. Decide: is it due?
  // Fetch: a word to write comes. Ask, Answer: the array. Skip: what follows is of no use. Number: the answer begins.
  // Count: how many words, how long. Send: a word that was read. Echo: of a sync. Code: the answer ends.
  localparam logic [3:0] Idle = 4'd0, Load = 4'd1, Decide = 4'd2, Fetch = 4'd3, Ask = 4'd4, Answer = 4'd5, Skip = 4'd6,
                         Number = 4'd7, Count = 4'd8, Send = 4'd9, Echo = 4'd10, Wait = 4'd11, Reset = 4'd12,
                         Code = 4'd13;

  // Bits of a request's kind, between its two fields, that are 0.
  localparam int KindLow = settle_pkg::KindBytesLess1Lsb + settle_pkg::KindBytesLess1W;
  localparam int KindHigh = settle_pkg::KindCodeLsb - 1;

  logic [3:0]       state_q, code_q;
  logic [AddrW-1:0] head_q, at_q;         // the frame's first byte; the byte that rdata_i brings next
  logic             here_q;               // rdata_i is the byte at at_q
  logic             error_q, late_q;      // a broken frame is to be told: it was not ended in time
  logic [7:0]       left_q;               // bytes of the frame, then words to read, ticks to wait
  logic [7:0]       number_q, request_q, due_q;
  logic [23:0]      addr_q;
  logic [31:0]      word_q;
  logic [2:0]       step_q;               // header bytes, bytes of a word, cycles of a reset
  logic             session_q, fresh_q;   // there was a sync; the request is the one that is due
  logic             was_busy_q;           // the array, when it was asked

  logic [3:0] kind;
  logic [1:0] bytes_less_1;
  logic [7:0] age;                        // requests since the one of this number was due; 128 and more: before it is
  logic       is_sync, is_reset, is_read, is_write, is_wait, shape_ok, ok, sent, fetching, take, word_end, none_left;

  assign kind         = request_q[settle_pkg::KindCodeLsb +: settle_pkg::KindCodeW];
  assign bytes_less_1 = request_q[settle_pkg::KindBytesLess1Lsb +: settle_pkg::KindBytesLess1W];
  assign is_sync      = (kind == settle_pkg::RequestSync);
  assign is_reset     = (kind == settle_pkg::RequestReset);
  assign is_read      = (kind == settle_pkg::RequestRead);
  assign is_write     = (kind == settle_pkg::RequestWrite);
  assign is_wait      = (kind == settle_pkg::RequestWait);
  assign age          = due_q - number_q;
  assign ok           = (code_q == settle_pkg::AnswerOk);
  assign sent         = valid_o && ready_i;
  assign fetching     = (step_q[1:0] <= bytes_less_1);  // zeros fill the word's upper bytes
  assign word_end     = (step_q[1:0] == bytes_less_1);
  assign none_left    = (left_q == '0);

  // By the bytes after the address.
  always_comb begin
    case (kind)
      settle_pkg::RequestSync:  shape_ok = (left_q == 8'd4) && (bytes_less_1 == 2'd0);
      settle_pkg::RequestReset: shape_ok = none_left && (bytes_less_1 == 2'd0);
      settle_pkg::RequestRead:  shape_ok = (left_q == 8'd1);
      settle_pkg::RequestWait:  shape_ok = (left_q == 8'd1) && (bytes_less_1 == 2'd0);
      settle_pkg::RequestWrite: shape_ok = !none_left && ((left_q[1:0] & bytes_less_1) == 2'd0);
      default:                  shape_ok = 1'b0;
    endcase
    if (request_q[KindHigh:KindLow] != '0 || bytes_less_1 == 2'd2) shape_ok = 1'b0;
  end

  always_comb begin
    case (state_q)
      Load, Count: take = here_q;
      Fetch:       take = here_q && fetching;
      Skip:        take = here_q && !none_left;
      Echo:        take = sent;
      default:     take = 1'b0;
    endcase
  end

  always_comb begin
    case (state_q)
      Number, Send, Code: valid_o = 1'b1;
      Echo:               valid_o = here_q && !none_left;
      default:            valid_o = 1'b0;
    endcase
    case (state_q)
      Number:  byte_o = number_q;
      Send:    byte_o = word_q[7:0];
      Echo:    byte_o = rdata_i;
      default: byte_o = {4'd0, code_q};
    endcase
  end

  // State.
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q   <= Idle;
      head_q    <= '0;
      due_q     <= '0;
      session_q <= 1'b0;
      error_q   <= 1'b0;
    end else begin
      case (state_q)
        Idle: begin
          if (end_i != head_q) begin
            state_q <= Load;
          end else if (error_q) begin
            state_q <= Number;
            error_q <= 1'b0;
          end
        end
        Load:   if (take && step_q == 3'(settle_pkg::RequestHeader)) state_q <= Decide;
        Decide: begin
          state_q <= Skip;
          if (shape_ok && is_sync) begin
            state_q   <= Number;
            session_q <= 1'b1;
            due_q     <= number_q;
          end else if (shape_ok && session_q && is_read && !age[7]) begin
            state_q <= Number;
          end else if (shape_ok && session_q && age == 8'd0) begin
            if (is_write) state_q <= Fetch;
            if (is_wait) state_q <= Count;
            if (is_reset) state_q <= Reset;
          end
        end
        Fetch:  if ((take || !fetching) && step_q[1:0] == 2'd3) state_q <= Ask;
        Ask:    state_q <= Answer;
        Answer: begin
          if (rsp_valid_i) begin
            if (is_read) state_q <= rsp_error_i ? Code : Send;
            else state_q <= (rsp_error_i || none_left) ? Skip : Fetch;
          end
        end
        Skip:   if (none_left) state_q <= Number;
        Number: begin
          if (sent) begin
            state_q <= Code;
            if (ok && is_read) state_q <= Count;
            if (ok && is_sync) state_q <= Echo;
          end
        end
        Count:  if (take) state_q <= is_read ? Ask : Wait;
        Send:   if (sent && word_end) state_q <= none_left ? Code : Ask;
        Echo:   if (none_left) state_q <= Code;
        Wait:   if (!busy_i || (tick_i && none_left)) state_q <= Number;
        Reset:  if (step_q == '1) state_q <= Skip;
        default: begin
          if (sent) begin
            state_q <= Idle;
            head_q  <= at_q;
            if (fresh_q && ok) due_q <= due_q + 8'd1;
          end
        end
      endcase
      if (error_i) error_q <= 1'b1;
    end
  end

  // What the states work on.
  always_ff @(posedge clk_i) begin
    here_q <= !take && (state_q != Idle);
    at_q   <= (state_q == Idle) ? head_q : (at_q + AddrW'(take));
    if (error_i) late_q <= late_i;
    if (state_q == Ask) was_busy_q <= busy_i;

    if (state_q == Count || (state_q == Load && step_q == '0)) left_q <= rdata_i;  // until it is taken
    else if (take || (state_q == Send && sent && word_end) || (state_q == Wait && tick_i)) left_q <= left_q - 8'd1;

    case (state_q)
      Idle: begin  // as for an answer to a broken frame
        step_q    <= '0;
        number_q  <= due_q;
        code_q    <= late_q ? settle_pkg::AnswerTimedOut : settle_pkg::AnswerBadFrame;
        fresh_q   <= 1'b0;
      end
      Load: begin
        if (take) begin
          {addr_q, request_q, number_q} <= {rdata_i, addr_q, request_q};
          step_q <= step_q + 3'd1;
        end
      end
      Decide: begin
        step_q  <= '0;
        fresh_q <= shape_ok && (is_sync || (session_q && age == 8'd0));
        code_q  <= settle_pkg::AnswerOk;
        if (!shape_ok) begin
          code_q <= settle_pkg::AnswerBadRequest;
        end else if (!is_sync && !session_q) begin
          code_q <= settle_pkg::AnswerNoSession;
        end else if (!is_sync && age[7]) begin
          code_q   <= settle_pkg::AnswerOutOfSequence;
          number_q <= due_q;
        end else if (!is_sync && !is_read && age != 8'd0) begin
          code_q <= settle_pkg::AnswerRepeated;
        end
      end
      Fetch: begin
        if (take || !fetching) begin
          word_q <= {fetching ? rdata_i : 8'd0, word_q[31:8]};
          step_q <= {1'b0, step_q[1:0] + 2'd1};
        end
      end
      Answer: begin
        if (rsp_valid_i) begin
          if (is_read) word_q <= rsp_rdata_i;
          addr_q[19:0] <= addr_q[19:0] + 20'd1;
          if (rsp_error_i) code_q <= was_busy_q ? settle_pkg::AnswerBusy : settle_pkg::AnswerNoAddress;
        end
      end
      Send: begin
        if (sent) begin
          word_q <= {8'd0, word_q[31:8]};
          step_q <= word_end ? 3'd0 : (step_q + 3'd1);
        end
      end
      Reset:  step_q <= step_q + 3'd1;
      default: ;
    endcase
  end

  assign last_o      = (state_q == Code);
  assign head_o      = head_q;
  assign raddr_o     = at_q;
  assign array_rst_o = rst_i || (state_q == Reset);
  assign req_valid_o = (state_q == Ask);
  assign req_write_o = is_write;
  assign req_addr_o  = addr_q;
  assign req_wdata_o = word_q;

endmodule
