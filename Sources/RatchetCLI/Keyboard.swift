import Foundation

/// Single keys from a terminal, without Enter.
enum Keyboard {
    /// Waits for the next key; elsewhere than on a terminal, for the next line.
    ///
    /// Control-C and Control-D end the questions like the end of input, so that the terminal is never left as this needs it.
    /// A key that sends several bytes (an arrow, a letter with an accent) is one key without a meaning.
    ///
    /// - Returns: What the key types; `nil` at the end of input.
    static func next() -> String? {
        var usual = termios()
        guard tcgetattr(0, &usual) == 0 else { return readLine() }
        var single = usual
        single.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(0, TCSADRAIN, &single)
        defer { tcsetattr(0, TCSADRAIN, &usual) }
        var byte: UInt8 = 0
        var count = 0
        repeat { count = read(0, &byte, 1) } while count < 0 && errno == EINTR
        guard count == 1, byte != 3, byte != 4 else { return nil }
        guard (0x20..<0x7F).contains(byte) else {
            if byte == 0x1B || byte >= 0x80 { tcflush(0, TCIFLUSH) }
            return ""
        }
        return String(UnicodeScalar(byte))
    }
}
