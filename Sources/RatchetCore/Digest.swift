import CCrypto
import RatchetJSON

/// SHA-256, the one hash of the project: contents, comparability and fingerprints.
package enum Digest {
    /// The hash with its algorithm named, as files and JSON show it: `sha256:` and 64 hexadecimal digits.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        "sha256:" + hexadecimal(hash(Array(bytes)))
    }

    package static func sha256(_ text: String) -> String { sha256(text.utf8) }

    /// The hash of a value's canonical form: independent of key order and of how numbers were written.
    package static func sha256(_ value: JSONValue) -> String { sha256(value.serialized(.canonical)) }

    /// The first eight bytes of the hash as a number, for seeds and orders drawn from a name.
    package static func seed(_ text: String) -> UInt64 {
        hash(Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The first `length` hexadecimal digits of a text's hash, for short names.
    package static func short(_ text: String, length: Int = 8) -> String {
        String(hexadecimal(hash(Array(text.utf8))).prefix(length))
    }

    /// Looked up once: OpenSSL 3 looks for the algorithm by name at every plain `SHA256`, which takes longer than hashing. It
    /// never changes and is never freed.
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    /// The 32 bytes themselves.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        bytes.withUnsafeBufferPointer { input in
            _ = EVP_Digest(input.baseAddress, input.count, &digest, nil, algorithm, nil)
        }
        return digest
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
