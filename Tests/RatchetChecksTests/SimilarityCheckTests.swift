import RatchetCore
import RatchetJSON
import Testing

@testable import RatchetChecks

@Suite("Similarity checks")
struct SimilarityCheckTests {
    /// Two texts and what the reference implementations say of them.
    struct Pair: Sendable, CustomTestStringConvertible {
        var text: String
        var references: [String]
        var scores: [(check: String, score: Double)]

        init(
            _ text: String, _ references: [String], edit: Double, f1: Double, bleu: Double, chrf: Double, chrfWords: Double,
            rouge: [Double]
        ) {
            self.text = text
            self.references = references
            scores = [
                (#"{"edit_similarity": {}}"#, edit), ("\"token_f1\"", f1), ("\"bleu\"", bleu), ("\"chrf\"", chrf),
                (#"{"chrf": {"word_order": 2}}"#, chrfWords), (#"{"rouge": {"variant": 1}}"#, rouge[0]),
                (#"{"rouge": {"variant": "2"}}"#, rouge[1]), ("\"rouge\"", rouge[2]),
                (#"{"rouge": {"variant": "rouge1", "stem": true}}"#, rouge[3]),
            ]
        }

        var testDescription: String { text.prefix(40).debugDescription }
    }

    // Numbers of sacrebleu 2.6.0 (sentence_bleu, sentence_chrf, CHRF(word_order=2)), rouge-score 0.1.2 (score_multi; rouge1, rouge2,
    // rougeL, and rouge1 with the stemmer), the evaluation script of SQuAD 2.0, and a plain table of Levenshtein distances.
    static let pairs = [
        Pair(
            "the cat sat on the mat", ["the cat is on the mat"],
            edit: 0.8636363636363636, f1: 0.75, bleu: 0.3799178428257963, chrf: 0.645779420625287, chrfWords: 0.6636067072084818,
            rouge: [0.8333333333333334, 0.6, 0.8333333333333334, 0.8333333333333334]),
        Pair(
            "The quick brown fox jumps over the lazy dog.", ["A quick brown dog jumps over the lazy fox."],
            edit: 0.8409090909090909, f1: 1.0, bleu: 0.34572078464194106, chrf: 0.7186065752224156, chrfWords: 0.707089121276794,
            rouge: [0.8888888888888888, 0.5, 0.6666666666666666, 0.8888888888888888]),
        Pair(
            "Hello, world! It costs $1,234.56.", ["Hello world, it costs $1,234.56!"],
            edit: 0.8787878787878788, f1: 1.0, bleu: 0.2193456688254155, chrf: 0.682435064278831, chrfWords: 0.6363173885253908,
            rouge: [1.0, 1.0, 1.0, 1.0]),
        Pair(
            "Größe ist wichtig — naïve café", ["Die Größe ist wichtig: naive cafés"],
            edit: 0.7647058823529411, f1: 0.5, bleu: 0.2557539057896621, chrf: 0.6343981431171059, chrfWords: 0.5740520875265207,
            rouge: [0.6666666666666666, 0.4615384615384615, 0.6666666666666666, 0.6666666666666666]),
        Pair(
            "今日は天気がいいです。", ["今日の天気はいいですね。"],
            edit: 0.75, f1: 0.0, bleu: 0.0, chrf: 0.27135977267009126, chrfWords: 0.2325940908600782,
            rouge: [0.0, 0.0, 0.0, 0.0]),
        Pair(
            "", [""],
            edit: 1.0, f1: 1.0, bleu: 0.0, chrf: 0.0, chrfWords: 0.0,
            rouge: [0.0, 0.0, 0.0, 0.0]),
        Pair(
            "", ["a b"],
            edit: 0.0, f1: 0.0, bleu: 0.0, chrf: 0.0, chrfWords: 0.0,
            rouge: [0.0, 0.0, 0.0, 0.0]),
        Pair(
            "a b", [""],
            edit: 0.0, f1: 0.0, bleu: 0.0, chrf: 0.0, chrfWords: 0.0,
            rouge: [0.0, 0.0, 0.0, 0.0]),
        Pair(
            "b", ["a"],
            edit: 0.0, f1: 0.0, bleu: 0.0, chrf: 0.0, chrfWords: 0.0,
            rouge: [0.0, 0.0, 0.0, 0.0]),
        Pair(
            "flies flew happily running relational", ["fly flown happy runner relations"],
            edit: 0.6756756756756757, f1: 0.0, bleu: 0.0, chrf: 0.4182251822098322, chrfWords: 0.31366888665737414,
            rouge: [0.0, 0.0, 0.0, 0.20000000000000004]),
        Pair(
            "the cat sat on the mat", ["there was a cat", "the cat sat on a mat", "mat"],
            edit: 0.8636363636363636, f1: 1.0, bleu: 0.537284965911771, chrf: 0.720848317308462, chrfWords: 0.7203039245302905,
            rouge: [0.8333333333333334, 0.6, 0.8333333333333334, 0.8333333333333334]),
        Pair(
            "… flies", ["&quot;\u{a}… \u{a}&quot;.5  co-op mat  -\u{a} \u{a}&quot; ", "½\u{a0}İstanbul \u{a}3.14\u{a0}\u{1c}  ΟΔΟΣnaïve(hi)\u{a0}the\u{a}", "K日本語\u{9}<skipped>\u{a0}foo_bar — K日本語on 👩\u{200d}👩\u{200d}👧 https://a.b/c?d=e\u{9}"],
            edit: 0.07894736842105265, f1: 0.25, bleu: 0.02489353418393197, chrf: 0.02732240437158471, chrfWords: 0.020491803278688523,
            rouge: [0.0, 0.0, 0.0, 0.0]),
        Pair(
            "the  happily [x] \u{a}running -5\u{a}the, \u{a}co-op flies \u{a}\u{1c} \u{a}a.b.ccat\u{a0}οδόςa \u{a}", ["don't\u{9}K日本語 \u{2028}\u{a0}e.g.x/y -\u{a}\u{9}x/y\u{9}catcats e\u{301} the, \u{a}... café\u{9}", "The \u{a}cat don'tοδός\u{9}e\u{301}\u{a}a thea—b\u{a}co-op  ,, \u{a}12 The — ", "on\u{a0}mat %\u{9}ofΟΔΟΣ\u{a0}U.S.\u{a}... 😀 the, \u{a}café naïve\u{9}\u{a0}\u{9}-\u{a} "],
            edit: 0.26865671641791045, f1: 0.13333333333333333, bleu: 0.06256118460580956, chrf: 0.22556128375525175, chrfWords: 0.18980926381622207,
            rouge: [0.48000000000000004, 0.08695652173913043, 0.24000000000000002, 0.48000000000000004]),
        Pair(
            "3.14  the, \u{a}relational \u{a}İstanbul agreed ", ["cats\u{a0}a—b\u{a0}sat\u{a0}\"quoted\" \u{a}café \u{a}", "café\u{9}😀 mat\u{a0}²\u{a}中文  ", "😀 flies  3.14\u{9}$5\u{a0}3-4\u{a0}"],
            edit: 0.15000000000000002, f1: 0.22222222222222224, bleu: 0.08116697886877475, chrf: 0.132395592185258, chrfWords: 0.12252655314600461,
            rouge: [0.30769230769230765, 0.1818181818181818, 0.30769230769230765, 0.30769230769230765]),
        Pair(
            "👩\u{200d}👩\u{200d}👧 mat \u{a}on \u{a}an C++ happily\u{a}... naïve\u{9}A.\u{a0}&sitting\u{9}the, happily\u{a0}", ["—\u{a}e\u{301} mat\u{9}👩\u{200d}👩\u{200d}👧\u{a}cat \u{a}3.14\u{a0}&\u{a0}$5 cats  12 &amp;\u{9}a.b.c  sitting  ", "[x]  İstanbul C++ 👩\u{200d}👩\u{200d}👧\u{a}50% …  cat\u{a0}[x]cats\u{9}don't\u{9}%\u{9}.5 … \u{a}", "<b>&quot; 👩\u{200d}👩\u{200d}👧 \u{a}a—b  $5ΟΔΟΣ (hi) an$5 &\u{a0}running  cat  3-4\u{a}"],
            edit: 0.18461538461538463, f1: 0.3, bleu: 0.101824256461955, chrf: 0.2229948927993232, chrfWords: 0.19971710541416818,
            rouge: [0.33333333333333337, 0.0, 0.24999999999999994, 0.33333333333333337]),
        Pair(
            ",, Straßehttps://a.b/c?d=e &quot;[x]", ["ΟΔΟΣ\u{a}Straße\u{a}a—b  cats 5.  [x]3.14 \u{a}½\u{a}mat x/y the ½ co-op\u{a}", "[x] co-op... cats\u{a}x/y\u{a}A. well-known\u{a}İstanbul\u{9}a -\u{a}  of ΟΔΟΣ -\u{a} \u{a}", ",, Straße -5\u{9}50%\u{9}… K日本語\u{9}a &quot; -5\u{a}a.b.c\u{a0}👩\u{200d}👩\u{200d}👧\u{a0}&amp;\u{9}İstanbul\u{9}"],
            edit: 0.25396825396825395, f1: 0.0, bleu: 0.15593439508212387, chrf: 0.23641804032600644, chrfWords: 0.20337330243918136,
            rouge: [0.5217391304347826, 0.1904761904761905, 0.34782608695652173, 0.5217391304347826]),
        Pair(
            "12 \u{a}the,\u{a0}中文οδός\u{a}don't\u{a0}cats\u{9}<skipped> the\u{a}U.S. ", ["12 \u{a}the,\u{a0}中文 \u{a}don't\u{a0}cats\u{9}<skipped> the\u{a}U.S.  "],
            edit: 0.8913043478260869, f1: 0.8333333333333334, bleu: 0.7016879391277372, chrf: 0.8912670586805443, chrfWords: 0.882501467823912,
            rouge: [1.0, 1.0, 1.0, 1.0]),
        Pair(
            " & İstanbul\u{a}²C++ ½ ", ["²\u{a}running & İstanbul\u{a}²C++ ½ "],
            edit: 0.6785714285714286, f1: 0.7499999999999999, bleu: 0.7165313105737896, chrf: 0.6394280788787035, chrfWords: 0.663989344725356,
            rouge: [0.8571428571428571, 0.8, 0.8571428571428571, 0.8571428571428571]),
        Pair(
            "…  x/y 1,234.5😀\u{a0}\u{a0}\u{a0}50%https://a.b/c?d=e\u{a}— ", ["the,  cat 1,234.5 😀\u{a0}\u{a0}\u{a0}50% https://a.b/c?d=e\u{a}— "],
            edit: 0.8043478260869565, f1: 0.1818181818181818, bleu: 0.7425946367830889, chrf: 0.8049475760660278, chrfWords: 0.6195076043422084,
            rouge: [0.8333333333333334, 0.8181818181818182, 0.8333333333333334, 0.8333333333333334]),
        Pair(
            "cat\"quoted\" e.g. 50%\u{a}foo_bar\u{9}mat\u{a}flies  a—b\u{a}e\u{301}\u{a}of\u{a0}1,234.55.\u{a0}[x]\u{9}[x] … Straße  ", ["cat  e.g. 50%\u{a}foo_bar\u{9}mat\u{a}flies …x/y&quot; a—b \u{a}e\u{301}\u{a}of\u{a0}1,234.55.\u{a0}[x]\u{9}[x] … Straße  "],
            edit: 0.7682926829268293, f1: 0.896551724137931, bleu: 0.7763460132828548, chrf: 0.797074003301223, chrfWords: 0.8069957379312236,
            rouge: [0.9047619047619048, 0.8, 0.9047619047619048, 0.9523809523809523]),
        Pair(
            "C++ the,   running .5\u{1c}\u{a}οδός\u{a}...\u{9}https://a.b/c?d=e\u{a}flies %  C++\u{9}\"quoted\"the ", ["C++ the,  The ΟΔΟΣ\u{9}<b>  \u{1c}\u{a}οδός\u{a}...\u{9}https://a.b/c?d=e\u{a}flies %  C++\u{9}\"quoted\"  "],
            edit: 0.7894736842105263, f1: 0.625, bleu: 0.804389641878337, chrf: 0.7766916303669456, chrfWords: 0.7484000289970153,
            rouge: [0.888888888888889, 0.7199999999999999, 0.8148148148148148, 0.888888888888889]),
    ]

    @Test("The numbers are those of the reference implementations", arguments: pairs)
    func numbers(_ pair: Pair) async throws {
        for (check, score) in pair.scores {
            let result = try await Checking.result(check, pair.text, expected: .strings(pair.references))
            #expect(abs((result.score ?? -1) - score) < 1e-9, "\(check): \(result.score ?? -1), wanted \(score)")
        }
    }

    @Test("Words lose their endings as NLTK's stemmer takes them", arguments: [
        ("caresses", "caress"), ("ponies", "poni"), ("ties", "tie"), ("dies", "die"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"),
        ("plastered", "plaster"), ("bled", "bled"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"), ("hopping", "hop"),
        ("falling", "fall"), ("filing", "file"), ("happy", "happi"), ("enjoy", "enjoy"), ("sky", "sky"), ("skies", "sky"), ("dying", "die"),
        ("relational", "relat"), ("rational", "ration"), ("radically", "radic"), ("hopefully", "hope"), ("geologist", "geologist"),
        ("theology", "theolog"), ("triplicate", "triplic"), ("electrical", "electr"), ("adoption", "adopt"), ("replacement", "replac"),
        ("probate", "probat"), ("cease", "ceas"), ("controlling", "control"), ("roll", "roll"), ("spied", "spi"), ("died", "die"), ("ally", "alli"),
    ])
    func stems(_ word: String, _ stem: String) {
        #expect(String(decoding: PorterStemmer.stem(Array(word.utf8)), as: UTF8.self) == stem)
    }

    @Test("A threshold decides, the check's own or one that is set", arguments: [
        (#"{"edit_similarity": "abcde"}"#, "abcdx", CheckState.passed, 0.8), (#"{"edit_similarity": "abcde"}"#, "abcxx", .failed, 0.6),
        (#"{"edit_similarity": "abcde", "threshold": 0.5}"#, "abcxx", .passed, 0.6), (#"{"edit_similarity": "abcde", "threshold": 1}"#, "abcdx", .failed, 0.8),
        (#"{"edit_similarity": "abcde", "not": true}"#, "abcxx", .passed, 0.4), (#"{"token_f1": ["x", "c b"]}"#, "b d", .passed, 0.5),
        (#"{"edit_similarity": {"reference": "ABC", "ignore_case": true, "trim": true}}"#, " abc\n", .passed, 1),
        (#"{"edit_similarity": {"reference": "e\u0301", "unit": "graphemes"}}"#, "é", .failed, 0),
        (#"{"edit_similarity": {"reference": "a\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67b", "unit": "graphemes"}}"#, "a👩‍👩‍👧c", .failed, 2.0 / 3),
        (#"{"edit_similarity": {"from": "expected"}}"#, "Paris", .passed, 1),
        (#"{"rouge": {"reference": "a b c d", "variant": 1, "measure": "precision"}}"#, "a b x", .passed, 2.0 / 3),
        (#"{"rouge": {"reference": "a b c d", "variant": 1, "measure": "recall"}}"#, "a b x", .passed, 0.5),
        (#"{"bleu": {"reference": "The Cat Sat Down", "ignore_case": true}}"#, "the cat sat down", .passed, 1),
    ])
    func thresholds(_ check: String, _ text: String, _ state: CheckState, _ score: Double) async throws {
        let result = try await Checking.result(check, text, expected: "Paris")
        #expect(result.state == state, "\(result.reason)")
        #expect(abs((result.score ?? -1) - score) < 1e-9, "\(result.reason)")
    }

    @Test("A reason says the score, how it came about and what was compared")
    func reasons() async throws {
        let edit = try await Checking.result(#"{"edit_similarity": ["Lyon", "Paris"]}"#, "Pariss")
        #expect(edit.reason == #"edit similarity 0.833 (1 edit in 6 characters), wanted at least 0.8: "Pariss" against "Paris""#)
        let rouge = try await Checking.result(#"{"rouge": "a b c", "threshold": 0.9}"#, "a c x y")
        #expect(rouge.reason.hasPrefix(#"ROUGE-L F-measure 0.571 (precision 0.5, recall 0.667), wanted at least 0.9: "a c x y" against "a b c""#), "\(rouge.reason)")
        let bleu = try await Checking.result(#"{"bleu": ["a b", "c d"]}"#, "e f")
        #expect(bleu.reason == #"BLEU 0 (no word in common, brevity penalty 1), wanted at least 0.3: "e f" against 2 references"#)
    }

    @Test("Options that cannot be meant are reported", arguments: [
        (#"{"rouge": {"reference": "a", "variant": "W"}}"#, "/checks/0/rouge/variant: `rouge`: `variant` wants 1 to 9 or \"L\", found \"W\""),
        (#"{"rouge": {"reference": "a", "variant": 0}}"#, "/checks/0/rouge/variant: `rouge`: `variant` wants 1 to 9 or \"L\", found 0"),
        (#"{"chrf": {"reference": "a", "char_order": 0}}"#, "/checks/0/chrf/char_order: `chrf`: `char_order` wants a whole number from 1 to 10"),
        (#"{"chrf": {"reference": "a", "beta": 0}}"#, "/checks/0/chrf/beta: `chrf`: `beta` wants a number above 0, and 1000 at most"),
        (#"{"edit_similarity": {"reference": "a", "unit": "bytes"}}"#, "/checks/0/edit_similarity/unit: `edit_similarity`: `unit` cannot be \"bytes\""),
        (#"{"token_f1": []}"#, "/checks/0/token_f1: `token_f1`: `reference` must be a text or a list of texts (any of them will do), found an empty list"),
    ])
    func problems(_ check: String, _ finding: String) throws { #expect(try Writing.findings([check]) == [finding]) }

    @Test("Distance and longest common subsequence are right whatever the length of the blocks")
    func alignment() {
        var generator = SystemRandomNumberGenerator()
        for length in [0, 1, 2, 63, 64, 65, 127, 128, 129, 300] {
            for symbols in [2, 5, 1_000] as [UInt32] {
                let left = (0..<length).map { _ in UInt32.random(in: 0..<symbols, using: &generator) }
                var right = left.filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
                right += (0..<Int.random(in: 0...70, using: &generator)).map { _ in UInt32.random(in: 0..<symbols, using: &generator) }
                let (distance, common) = Self.table(left, right)
                #expect(SequenceAlignment.distance(left, right) == distance, "\(left) \(right)")
                #expect(SequenceAlignment.distance(right, left) == distance)
                #expect(SequenceAlignment.commonSubsequence(SymbolMasks(left), right) == common, "\(left) \(right)")
            }
        }
    }

    /// The textbook's tables.
    private static func table(_ left: [UInt32], _ right: [UInt32]) -> (distance: Int, common: Int) {
        var distances = Array(0...right.count)
        var commons = [Int](repeating: 0, count: right.count + 1)
        for (row, symbol) in left.enumerated() {
            let (above, aboveCommon) = (distances, commons)
            distances[0] = row + 1
            for (column, other) in right.enumerated() {
                distances[column + 1] = min(above[column] + (symbol == other ? 0 : 1), above[column + 1] + 1, distances[column] + 1)
                commons[column + 1] = symbol == other ? aboveCommon[column] + 1 : max(aboveCommon[column + 1], commons[column])
            }
        }
        return (distances[right.count], commons[right.count])
    }

    @Test("Texts too long to be compared are not, and say so")
    func tooLong() async throws {
        #expect(SequenceAlignment.isTooLarge(200_001, 200_000))
        #expect(SequenceAlignment.isTooLarge(.max, 2))
        #expect(!SequenceAlignment.isTooLarge(200_000, 200_000))
        let reference = String(repeating: "a", count: 150_000)
        let check = JSONValue.object(["edit_similarity": .string(reference)]).serialized()
        let result = try await Checking.result(check, String(repeating: "b", count: 300_000))
        #expect(result.state == .errored)
        #expect(result.reason.hasPrefix("too long to be compared: 300000 characters against 150000"))
        // What is the same at both ends costs nothing.
        let near = try await Checking.result(check, String(repeating: "a", count: 300_000))
        #expect(near.score == 0.5)
    }
}
