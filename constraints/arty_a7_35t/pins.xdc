# Arty A7-35T: XC7A35T-1 in CSG324.
# The same in both sources: Digilent/digilent-xdc, Arty-A7-35-Master.xdc (whose serial ports carry the FTDI's names:
# uart_rxd_out is what the FPGA sends), and litex-hub/litex-boards, litex_boards/platforms/digilent_arty.py.
set_property PACKAGE_PIN E3 [get_ports clk_i]
set_property PACKAGE_PIN A9 [get_ports rx_i]
set_property PACKAGE_PIN D10 [get_ports tx_o]
# LD4, lit by 1
set_property PACKAGE_PIN H5 [get_ports led_o]

set_property IOSTANDARD LVCMOS33 [get_ports clk_i]
set_property IOSTANDARD LVCMOS33 [get_ports rx_i]
set_property IOSTANDARD LVCMOS33 [get_ports tx_o]
set_property IOSTANDARD LVCMOS33 [get_ports led_o]

create_clock -period 10.000 [get_ports clk_i]
