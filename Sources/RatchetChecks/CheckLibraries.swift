internal import CLibXML2
import CPCRE2
internal import CSQLite

/// The libraries that checks are made with.
package enum CheckLibraries {
    /// Names and versions, as the libraries give them.
    package static var versions: [(name: String, version: String)] {
        var pcre = [CChar](repeating: 0, count: 64)
        pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), &pcre)
        let pcreVersion = String(decoding: pcre.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let sqlite = sqlite3_libversion().map { String(cString: $0) } ?? "unknown"
        return [("pcre2", pcreVersion), ("sqlite", sqlite), ("libxml2", LIBXML_DOTTED_VERSION)]
    }
}
