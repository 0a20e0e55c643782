/// Porter's stemmer (Porter 1980, "An algorithm for suffix stripping") with the extensions of NLTK's default mode, which
/// `rouge-score` uses.
///
/// Words are small ASCII letters and digits; a digit counts as a consonant.
struct PorterStemmer {
    private var word: [UInt8]

    /// - Parameter word: At least one letter.
    static func stem(_ word: [UInt8]) -> [UInt8] {
        if let irregular = irregulars[word] { return irregular }
        guard word.count > 2 else { return word }
        var stemmer = PorterStemmer(word: word)
        stemmer.removePlural()
        stemmer.removePast()
        stemmer.turnY()
        stemmer.shortenDoubleSuffix()
        stemmer.apply(step3) { Self.measure($0) > 0 }
        stemmer.removeSuffix()
        stemmer.removeE()
        stemmer.removeDoubleL()
        return stemmer.word
    }

    private static let irregulars: [[UInt8]: [UInt8]] = {
        let forms: [(String, [String])] = [
            ("sky", ["sky", "skies"]), ("die", ["dying"]), ("lie", ["lying"]), ("tie", ["tying"]), ("news", ["news"]),
            ("inning", ["innings", "inning"]), ("outing", ["outings", "outing"]), ("canning", ["cannings", "canning"]),
            ("howe", ["howe"]), ("proceed", ["proceed"]), ("exceed", ["exceed"]), ("succeed", ["succeed"]),
        ]
        let pairs = forms.flatMap { stem, words in words.map { (Array($0.utf8), Array(stem.utf8)) } }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }()

    private typealias Rule = (suffix: String, replacement: String)

    // MARK: Steps

    /// Step 1a: caresses → caress, ponies → poni, cats → cat.
    private mutating func removePlural() {
        if has("ies"), word.count == 4 { return replace("ies", "ie") }
        let rules: [Rule] = [("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")]
        apply(rules) { _ in true }
    }

    /// Step 1b: agreed → agree, plastered → plaster, motoring → motor.
    private mutating func removePast() {
        if has("ied") { return replace("ied", word.count == 4 ? "ie" : "i") }
        if has("eed") {
            if Self.measure(stem("eed")) > 0 { replace("eed", "ee") }
            return
        }
        for suffix in ["ed", "ing"] where has(suffix) && Self.hasVowel(stem(suffix)) {
            replace(suffix, "")
            return repair()
        }
    }

    /// conflat → conflate, hopp → hop, fil → file.
    private mutating func repair() {
        if has("at") || has("bl") || has("iz") { return word.append(UInt8(ascii: "e")) }
        if let last = word.last, word.count >= 2, word[word.count - 2] == last, Self.isConsonant(word[...]) {
            if !"lsz".utf8.contains(last) { word.removeLast() }
        } else if Self.measure(word[...]) == 1, Self.endsShort(word[...]) {
            word.append(UInt8(ascii: "e"))
        }
    }

    /// Step 1c: happy → happi, but enjoy stays.
    private mutating func turnY() {
        guard has("y") else { return }
        let rest = stem("y")
        if rest.count > 1, Self.isConsonant(rest) { replace("y", "i") }
    }

    private static let step2: [Rule] = [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ]

    /// Step 2: relational → relate.
    private mutating func shortenDoubleSuffix() {
        // "alli" is shortened first, and what is left goes through the step.
        if has("alli"), Self.measure(stem("alli")) > 0 { replace("alli", "al") }
        if Self.step2.contains(where: { has($0.suffix) }) {
            apply(Self.step2) { Self.measure($0) > 0 }
        } else if has("logi"), Self.measure(stem("ogi")) > 0 {
            replace("logi", "log")
        }
    }

    private static let step3: [Rule] = [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ]

    private static let step4: [Rule] = [
        ("al", ""), ("ance", ""), ("ence", ""), ("er", ""), ("ic", ""), ("able", ""), ("ible", ""), ("ant", ""), ("ement", ""), ("ment", ""),
        ("ent", ""), ("ion", ""), ("ou", ""), ("ism", ""), ("ate", ""), ("iti", ""), ("ous", ""), ("ive", ""), ("ize", ""),
    ]

    /// Step 4: revival → reviv, adoption → adopt.
    private mutating func removeSuffix() {
        let endsInION = has("ion")
        apply(Self.step4) { stem in
            let isPlain = !endsInION || stem.last == UInt8(ascii: "s") || stem.last == UInt8(ascii: "t")
            return isPlain && Self.measure(stem) > 1
        }
    }

    /// Step 5a: probate → probat, cease → ceas.
    private mutating func removeE() {
        guard has("e") else { return }
        let rest = stem("e")
        let measure = Self.measure(rest)
        if measure > 1 || measure == 1 && !Self.endsShort(rest) { replace("e", "") }
    }

    /// Step 5b: controll → control.
    private mutating func removeDoubleL() {
        if has("ll"), Self.measure(word.dropLast()) > 1 { word.removeLast() }
    }

    // MARK: Suffixes

    private func has(_ suffix: String) -> Bool { word.count >= suffix.utf8.count && word.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    private func stem(_ suffix: String) -> ArraySlice<UInt8> { word.dropLast(suffix.utf8.count) }

    private mutating func replace(_ suffix: String, _ replacement: String) {
        word.removeLast(suffix.utf8.count)
        word.append(contentsOf: replacement.utf8)
    }

    /// The first rule whose suffix is there decides, whether its condition holds or not.
    private mutating func apply(_ rules: [Rule], if condition: (ArraySlice<UInt8>) -> Bool) {
        guard let rule = rules.first(where: { has($0.suffix) }) else { return }
        if condition(stem(rule.suffix)) { replace(rule.suffix, rule.replacement) }
    }

    // MARK: Vowels and consonants

    /// Calls `visit` for each letter with whether it is a consonant; y is one unless it follows a consonant.
    private static func walk(_ word: ArraySlice<UInt8>, _ visit: (_ isConsonant: Bool) -> Void) {
        var previous: Bool?
        for letter in word {
            let isConsonant =
                switch letter {
                case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): false
                case UInt8(ascii: "y"): previous.map { !$0 } ?? true
                default: true
                }
            visit(isConsonant)
            previous = isConsonant
        }
    }

    /// How often vowels are followed by consonants: Porter's m.
    private static func measure(_ word: ArraySlice<UInt8>) -> Int {
        var measure = 0
        var wasVowel = false
        walk(word) { isConsonant in
            if isConsonant, wasVowel { measure += 1 }
            wasVowel = !isConsonant
        }
        return measure
    }

    private static func hasVowel(_ word: ArraySlice<UInt8>) -> Bool {
        var hasVowel = false
        walk(word) { hasVowel = hasVowel || !$0 }
        return hasVowel
    }

    /// Whether the last letter is a consonant.
    private static func isConsonant(_ word: ArraySlice<UInt8>) -> Bool {
        var last = false
        walk(word) { last = $0 }
        return last
    }

    /// Porter's *o: consonant, vowel, consonant at the end, the last not w, x or y; or two letters, vowel and consonant.
    private static func endsShort(_ word: ArraySlice<UInt8>) -> Bool {
        var letters: [Bool] = []
        walk(word) { letters = letters.suffix(2) + [$0] }
        guard let last = word.last else { return false }
        if word.count == 2 { return letters == [false, true] }
        return letters == [true, false, true] && !"wxy".utf8.contains(last)
    }
}
