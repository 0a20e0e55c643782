import RatchetJSON
import Testing

@Suite("JSON numbers are exact")
struct JSONNumberTests {
    private func number(_ literal: String) throws -> JSONNumber {
        try #require(JSONNumber(validating: literal), "\(literal) is a JSON number")
    }

    @Test(
        "Numbers are equal, and hash alike, when their mathematical values are",
        arguments: [
            ("1", "1.0"), ("1", "1e0"), ("1", "10E-1"), ("0", "-0"), ("0", "0e999999999999999999999999"),
            ("100", "1e2"), ("0.5", "5e-1"), ("-12.30", "-1.23e1"), ("1e400", "10e399"),
            ("1e-999999999", "10e-1000000000"),
            ("9223372036854775808", "9223372036854775808.0"), ("-9223372036854775808", "-9.223372036854775808e18"),
            ("1e10000000000000000000000", "0.1e10000000000000000000001"),
            ("123456789012345678901234567890", "1234567890123456789012345678.90e2"),
        ])
    func equal(_ left: String, _ right: String) throws {
        let (left, right) = (try number(left), try number(right))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left.canonical == right.canonical)
        #expect(!(left < right) && !(right < left))
    }

    @Test(
        "Numbers that differ anywhere are not equal, and are in order",
        arguments: [
            ("1", "2"), ("-1", "1"), ("-2", "-1"), ("-1", "0"), ("0", "0.1"), ("0.1", "0.10000000000000000555"),
            ("9007199254740992", "9007199254740993"), ("1e400", "2e400"), ("-2e400", "-1e400"), ("1e-400", "1e-399"),
            ("-1e400", "1e-400"), ("9", "10"), ("99", "100.5"),
            ("1e10000000000000000000000", "1e10000000000000000000001"),
        ])
    func ordered(_ left: String, _ right: String) throws {
        let (left, right) = (try number(left), try number(right))
        #expect(left != right)
        #expect(left < right)
        #expect(left.canonical != right.canonical)
    }

    @Test(
        "What is no JSON number is refused",
        arguments: [
            "", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", " 1", "1 ", "1,0", "--1",
            "1e1.5", "１",
        ])
    func invalid(_ literal: String) { #expect(JSONNumber(validating: literal) == nil) }

    @Test(
        "Whole numbers that fit are Ints however they are written",
        arguments: [
            ("1.0", 1), ("1e2", 100), ("-0", 0), ("120e-1", 12), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("-9.223372036854775808e18", Int.min), ("0e999999999", 0),
        ] as [(String, Int)])
    func int(_ literal: String, _ value: Int) throws { #expect(try number(literal).int == value) }

    @Test(
        "Fractions and numbers too large are no Ints",
        arguments: [
            "1.5", "9223372036854775808", "-9223372036854775809", "1e19", "1e400", "1e-1", "18446744073709551616",
            "99999999999999999999", "1e999999999999",
        ])
    func noInt(_ literal: String) throws { #expect(try number(literal).int == nil) }

    @Test("1e400 is whole, 1e-400 is not")
    func isInteger() throws {
        #expect(try number("1e400").isInteger)
        #expect(try number("12345678901234567890.00").isInteger)
        #expect(try !number("1e-400").isInteger)
        #expect(try number("0e-400").isInteger)
    }

    @Test(
        "Multiples are decided exactly",
        arguments: [
            ("0.0075", "0.0001", true), ("0.00751", "0.0001", false), ("1.1", "0.1", true), ("4.5", "1.5", true),
            ("35", "1.5", false), ("0", "3", true), ("3", "0", false), ("0", "0", false), ("-9", "3", true),
            ("1e308", "0.5", true), ("1e308", "0.123456789", false), ("12391239123", "1e-8", true),
            ("1e999999999", "7", false), ("7e999999999", "7", true), ("1e999999999", "1024", true),
            ("1", "1e999999999", false),
            ("1", "1e-999999999", true), ("3", "2e-999999999999999999", true), ("1e-999999999", "1", false),
            ("9223372036854775808", "2", true), ("123456789012345678901234567890123456789012345678", "2", true),
            (
                "246913578024691357802469135780246913578024691356", "123456789012345678901234567890123456789012345678",
                true
            ),
            (
                "246913578024691357802469135780246913578024691357", "123456789012345678901234567890123456789012345678",
                false
            ),
            (
                "246913578024691357802469135780246913578024691356e5",
                "12345678901234567890123456789012345678901234567.8", true
            ),
            ("1e40", "5000000000000000000000000000000000001", false),
            ("36893488147419103232", "18446744073709551616", true), ("1e60", "1152921504606846976", true),
            ("1e59", "1152921504606846976", false),
        ] as [(String, String, Bool)])
    func multiple(_ value: String, _ divisor: String, _ expected: Bool) throws {
        #expect(try number(value).isMultiple(of: number(divisor)) == expected)
    }

    @Test(
        "Canonical texts are those of RFC 8785 where they lose nothing",
        arguments: [
            ("-0", "0"), ("1.50", "1.5"), ("1E2", "100"), ("1e21", "1e+21"),
            ("123456789012345678901", "123456789012345678901"),
            ("0.000001", "0.000001"), ("0.0000001", "1e-7"), ("1.25e-9", "1.25e-9"), ("1e23", "1e+23"),
            ("333333333.33333329", "333333333.33333329"),
            ("9007199254740993", "9007199254740993"), ("0.1", "0.1"), ("1e400", "1e+400"),
            ("-12345.678e-2", "-123.45678"),
            ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ])
    func canonical(_ literal: String, _ expected: String) throws { #expect(try number(literal).canonical == expected) }

    @Test("Doubles are written in the shortest form that reads back")
    func doubles() {
        for value in [
            0.1, 1.0 / 3.0, 1e21, .leastNonzeroMagnitude, 1.7976931348623157e308, -2.5, 123456789.0, 1e15, 1e16, 0.0,
        ] as [Double] {
            let number = JSONNumber(value)
            #expect(number.double == value)
            #expect(JSONNumber(validating: number.literal) != nil)
        }
        #expect(JSONNumber(3.0).literal == "3")
        #expect(JSONNumber(1.0) == JSONNumber(1))
    }

    @Test("Numbers beyond doubles read as infinities, not as NaN")
    func beyondDoubles() throws {
        #expect(try number("1e400").double == .infinity)
        #expect(try number("-1e400").double == -.infinity)
        #expect(try number("1e-400").double == 0)
    }

    @Test("A million digits and hostile exponents take no time to speak of")
    func hostile() throws {
        let long = try number(String(repeating: "7", count: 1_000_000))
        #expect(long.isMultiple(of: JSONNumber(7)))
        #expect(long.int == nil)
        #expect(try long < number("1e999999999999999999"))
        let exponent = try number("1e" + String(repeating: "9", count: 1_000_000))
        #expect(exponent.isInteger && exponent.int == nil && exponent > long)
        #expect(exponent.isMultiple(of: JSONNumber(2)))
        #expect(exponent.canonical.utf8.count < 100)
    }
}
