/// What HTML says of its elements (html.spec.whatwg.org, sections 4 and 13.1.2).
enum HTMLElements {
    /// Elements without content, and without an end tag.
    static let void = names("area base basefont bgsound br col command embed frame hr img input keygen link meta param source track wbr")

    /// Elements whose content is text, whatever is in it.
    static let rawText = names("script style textarea title xmp iframe noembed noframes")

    /// Elements whose end tag may be left out.
    static let endIsOptional = names("html head body p li dt dd option optgroup rt rp rb rtc thead tbody tfoot tr td th colgroup caption")

    static let known = void.union(rawText).union(endIsOptional).union(names("""
        a abbr acronym address applet article aside audio b bdi bdo big blink blockquote button canvas center cite code data \
        datalist del details dfn dialog dir div dl em fieldset figcaption figure font footer form frameset h1 h2 h3 h4 h5 h6 \
        header hgroup i ins kbd label legend main map mark marquee math menu meter nav nobr noscript object ol output \
        picture plaintext pre progress q ruby s samp search section select slot small span strike strong sub summary sup \
        svg table template time tt u ul var video
        """))

    /// What ends a paragraph by its start.
    private static let blocks = names("""
        address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 \
        h6 header hgroup hr main menu nav ol p pre search section summary table ul li dt dd
        """)

    /// By element: which start tags end it.
    private static let endedBy: [String: Set<String>] = [
        "p": blocks, "li": ["li"], "dt": ["dt", "dd"], "dd": ["dt", "dd"], "option": ["option", "optgroup", "hr"],
        "optgroup": ["optgroup", "hr"], "rt": ["rt", "rp", "rb", "rtc"], "rp": ["rt", "rp", "rb", "rtc"],
        "rb": ["rt", "rp", "rb", "rtc"], "rtc": ["rb", "rtc"], "head": ["body"],
        "td": ["td", "th", "tr", "tbody", "tfoot", "thead"], "th": ["td", "th", "tr", "tbody", "tfoot", "thead"],
        "tr": ["tr", "tbody", "tfoot", "thead"], "thead": ["tbody", "tfoot"], "tbody": ["tbody", "tfoot"], "tfoot": ["tbody"],
        "caption": ["colgroup", "thead", "tbody", "tfoot", "tr", "col"], "colgroup": ["thead", "tbody", "tfoot", "tr", "colgroup"],
    ]

    /// Whether an open element ends where another starts.
    static func closes(_ open: String, before start: String) -> Bool { endedBy[open]?.contains(start) ?? false }

    private static func names(_ list: String) -> Set<String> { Set(list.split { $0 == " " || $0 == "\n" }.map(String.init)) }
}
