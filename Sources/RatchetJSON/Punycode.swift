/// Unicode in the letters, digits and hyphens of host names (RFC 3492).
enum Punycode {
    private static let base = 36
    private static let (tMin, tMax, skew, damp) = (1, 26, 38, 700)
    private static let (initialBias, initialN) = (72, 128)

    /// The code points that `text`, without `xn--`, stands for; `nil` when it stands for none.
    static func decode(_ text: some Collection<UInt8>) -> [Unicode.Scalar]? {
        let text = Array(text)
        let delimiter = text.lastIndex(of: UInt8(ascii: "-"))
        var output = text[..<(delimiter ?? 0)].map { Int($0) }
        guard output.allSatisfy({ $0 < 128 }) else { return nil }
        var input = text[(delimiter.map { $0 + 1 } ?? 0)...]
        var (n, i, bias) = (initialN, 0, initialBias)
        while !input.isEmpty {
            let old = i
            var weight = 1
            var k = base
            while true {
                guard let byte = input.popFirst(), let digit = value(of: byte), i < 1 << 40, weight < 1 << 20 else {
                    return nil
                }
                i += digit * weight
                let threshold = threshold(k, bias)
                if digit < threshold { break }
                weight *= base - threshold
                k += base
            }
            let count = output.count + 1
            bias = adapt(i - old, count: count, isFirst: old == 0)
            n += i / count
            i %= count
            guard n < 0x110000 else { return nil }
            output.insert(n, at: i)
            i += 1
        }
        let scalars = output.compactMap { UInt32(exactly: $0).flatMap(Unicode.Scalar.init) }
        return scalars.count == output.count ? scalars : nil
    }

    /// What stands for `scalars`, without `xn--`.
    static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8] {
        var output = scalars.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
        var done = output.count
        if done > 0 { output.append(UInt8(ascii: "-")) }
        let basic = done
        var (n, delta, bias) = (initialN, 0, initialBias)
        while let next = scalars.lazy.map({ Int($0.value) }).filter({ $0 >= n }).min() {
            delta += (next - n) * (done + 1)
            n = next
            for scalar in scalars {
                if scalar.value < n { delta += 1 }
                guard scalar.value == n else { continue }
                var rest = delta
                var k = base
                while true {
                    let threshold = threshold(k, bias)
                    if rest < threshold { break }
                    output.append(digit(threshold + (rest - threshold) % (base - threshold)))
                    rest = (rest - threshold) / (base - threshold)
                    k += base
                }
                output.append(digit(rest))
                bias = adapt(delta, count: done + 1, isFirst: done == basic)
                delta = 0
                done += 1
            }
            delta += 1
            n += 1
        }
        return output
    }

    private static func threshold(_ k: Int, _ bias: Int) -> Int { min(max(k - bias, tMin), tMax) }

    private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var k = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + skew)
    }

    private static func value(of byte: UInt8) -> Int? {
        if FormatBytes.isLetter(byte) { return Int(byte | 0x20) - 0x61 }
        return FormatBytes.isDigit(byte) ? Int(byte) - 0x30 + 26 : nil
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: value < 26 ? 0x61 + value : 0x30 + value - 26)
    }
}
