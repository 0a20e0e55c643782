import Foundation
import RatchetCore
import RatchetFiles
import RatchetJSON
import TestSupport
import Testing

@testable import RatchetOperations

/// Rubrics, and labels as a file has them.
enum Labelling {
    static func rubric(_ scale: Rubric.Scale = .passFail, threshold: Double = 1) -> Rubric {
        Rubric(
            id: "helpful", version: "3", judge: Target(backend: "openai", model: "gpt-4o"), scale: scale, threshold: threshold,
            votes: 1, params: [:], templates: [], allowsSelfJudging: false, hash: "sha256:r",
            source: SourceReference(file: "rubrics/helpful.md"))
    }

    static let pairwise = rubric(.pairwise, threshold: 0.5)

    /// Reads rows, and says what is wrong with them.
    static func read(_ rows: [String], _ rubric: Rubric = rubric(), recorded: String? = nil) throws -> (JudgeLabels, [String]) {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("labels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        try Data(rows.map { $0 + "\n" }.joined().utf8).write(to: root.appendingPathComponent("l.jsonl"))
        let problems = Problems()
        let labels = JudgeLabels.read("l.jsonl", in: ProjectFolder(root: root.path), rubric: rubric, recorded: recorded, problems)
        return (labels, problems.diagnostics.map(\.message))
    }

    /// Labelled answers by what the judge and people say, and judged ones without a label.
    static func items(
        bothPass: Int, judgePasses: Int, peoplePass: Int, bothFail: Int, unlabelledPasses: Int = 0, unlabelledFailures: Int = 0
    ) -> [LabelledItem] {
        func grade(_ passes: Bool) -> Grade { Grade(verdict: passes ? "pass" : "fail", passes: passes) }
        let kinds: [(Int, Bool, Bool?)] = [
            (bothPass, true, true), (judgePasses, true, false), (peoplePass, false, true), (bothFail, false, false),
            (unlabelledPasses, true, nil), (unlabelledFailures, false, nil),
        ]
        return kinds.flatMap { count, judge, people in
            (0..<count).map { _ in
                LabelledItem(
                    subject: .output("o"), input: "i", people: people.map { ["": grade($0)] } ?? [:], judge: grade(judge),
                    source: SourceReference(file: "l"))
            }
        }
    }
}

@Suite("Calibrating a judge")
struct JudgeCalibratingTests {
    private func calibrated(_ items: [LabelledItem], population: TrialCount? = nil) -> JudgeCalibration {
        JudgeCalibrating.calibrate(items, rubric: Labelling.rubric(), population: population, date: "2026-11-22")
    }

    /// The formulas of `JudgeErrorRates` written out in Python, and kappa by sklearn 1.7.
    @Test("A random sample: error rates, kappa, informedness, the true pass rate")
    func sample() throws {
        let calibration = calibrated(Labelling.items(bothPass: 78, judgePasses: 5, peoplePass: 4, bothFail: 13))
        #expect(calibration.counts.agreed == 91 && calibration.counts.total == 100)
        let sensitivity = try #require(calibration.sensitivity)
        #expect(abs(sensitivity.value - 78.0 / 82) < 1e-12)
        #expect(abs(sensitivity.low - 0.8971329) < 1e-6 && abs(sensitivity.high - 0.9854563) < 1e-6)
        #expect(abs(try #require(calibration.specificity).value - 13.0 / 18) < 1e-12)
        #expect(abs(try #require(calibration.kappa).value - 0.6883657) < 1e-6)
        let informedness = try #require(calibration.informedness)
        #expect(abs(informedness.value - (78.0 / 82 + 13.0 / 18 - 1)) < 1e-12)
        #expect(abs(informedness.low - 0.4300698) < 1e-6)
        #expect(calibration.judged == TrialCount(passes: 83, trials: 100))
        #expect(abs(try #require(calibration.truePassRate).value - 0.82) < 1e-12)
        #expect(!calibration.hasEnoughLabels)
        #expect(calibration.standing == .tooFewLabels)
    }

    @Test("Labels drawn verdict by verdict give the rates of everything that was judged, not of the draw")
    func stratified() throws {
        // 50 of the judge's passes (47 good) and 50 of its failures (10 good), out of 800 passes among 1,000.
        let calibration = calibrated(
            Labelling.items(bothPass: 47, judgePasses: 3, peoplePass: 10, bothFail: 40),
            population: TrialCount(passes: 800, trials: 1000))
        // The reference value of judge_stratified_ci/001.
        let rate = try #require(calibration.truePassRate)
        #expect(abs(rate.value - 0.792) < 1e-12)
        #expect(abs(rate.low - 0.7064187256686436) < 1e-9 && abs(rate.high - 0.8368240263606251) < 1e-9)
        // Of 792 good answers the judge passes 752, of 208 bad ones it fails 160.
        let sensitivity = try #require(calibration.sensitivity)
        let specificity = try #require(calibration.specificity)
        #expect(abs(sensitivity.value - 752.0 / 792) < 1e-12)
        #expect(abs(specificity.value - 160.0 / 208) < 1e-12)
        for figure in [sensitivity, specificity, try #require(calibration.informedness)] {
            #expect(figure.low < figure.value && figure.value < figure.high)
        }
        #expect(calibration.hasEnoughLabels)
        // The same labels without the population would have looked like a judge of another kind.
        #expect(try #require(calibrated(
            Labelling.items(bothPass: 47, judgePasses: 3, peoplePass: 10, bothFail: 40)).sensitivity).value < 0.83)
    }

    @Test("Judged rows without a label are part of what was judged")
    func unlabelled() {
        let calibration = calibrated(
            Labelling.items(
                bothPass: 47, judgePasses: 3, peoplePass: 10, bothFail: 40, unlabelledPasses: 750, unlabelledFailures: 150))
        #expect(calibration.judged == TrialCount(passes: 800, trials: 1000))
        #expect(abs((calibration.truePassRate?.value ?? 0) - 0.792) < 1e-12)
    }

    @Test("A judge gates only when its informedness is above one half for certain", arguments: [
        (95, 5, 5, 95, JudgeStanding.mayGate), (70, 30, 30, 70, .advisory), (40, 40, 40, 40, .advisory), (30, 0, 0, 30, .mayGate),
        (29, 0, 0, 31, .tooFewLabels), (31, 0, 0, 29, .tooFewLabels), (0, 0, 0, 0, .tooFewLabels), (60, 0, 40, 0, .advisory),
    ])
    func standing(_ a: Int, _ b: Int, _ c: Int, _ d: Int, _ standing: JudgeStanding) {
        let calibration = calibrated(Labelling.items(bothPass: a, judgePasses: b, peoplePass: c, bothFail: d))
        #expect(calibration.standing == standing)
        #expect(JudgeStanding(calibration, of: Labelling.rubric()) == standing)
        var other = Labelling.rubric()
        other.hash = "sha256:other"
        #expect(JudgeStanding(calibration, of: other) == .outdated)
        other = Labelling.rubric()
        other.judge = Target(backend: "openai", model: "gpt-5")
        #expect(JudgeStanding(calibration, of: other) == .outdated)
        #expect(JudgeStanding(nil, of: other) == .uncalibrated)
    }

    @Test("Three times as many labels more would halve the interval")
    func further() throws {
        let calibration = calibrated(
            Labelling.items(bothPass: 47, judgePasses: 3, peoplePass: 10, bothFail: 40),
            population: TrialCount(passes: 80_000, trials: 100_000))
        let more = try #require(calibration.labelsToHalve)
        #expect((250...350).contains(more), "\(more)")
        // What was judged is so little that labels alone cannot do it.
        let few = calibrated(
            Labelling.items(bothPass: 45, judgePasses: 5, peoplePass: 5, bothFail: 45),
            population: TrialCount(passes: 50, trials: 100))
        #expect(few.labelsToHalve ?? 0 > 100)
    }

    @Test("Imported error rates: Rogan and Gladen with the interval of Lang and Reiczigel")
    func imported() throws {
        // rogan_gladen/001
        let rate = try #require(JudgeCalibrating.truePassRate(
            judged: .init(passes: 400, trials: 1000), good: .init(passes: 180, trials: 200), bad: .init(passes: 140, trials: 200)))
        #expect(abs(rate.value - 0.16666666666666666) < 0.02)
        #expect(abs(rate.low - 0.056350724841608926) < 1e-9 && abs(rate.high - 0.2627330257859588) < 1e-9)
        #expect(JudgeCalibrating.truePassRate(
            judged: .init(passes: 1, trials: 2), good: .init(passes: 1, trials: 2), bad: .init(passes: 1, trials: 2)) == nil)
    }

    @Test("Several raters: the majority counts, an even split is left out, their agreement is the ceiling")
    func raters() throws {
        let (labels, problems) = try Labelling.read([
            #"{"input":"a","output":"1","labels":{"ann":"pass","bob":"pass","cy":"fail"},"judge":"pass"}"#,
            #"{"input":"b","output":"2","labels":{"ann":"pass","bob":"fail"},"judge":"pass"}"#,
            #"{"id":"x","input":"c","output":"3","rater":"ann","label":"fail","judge":"pass"}"#,
            #"{"id":"x","input":"c","output":"3","rater":"bob","label":"fail"}"#,
        ])
        #expect(problems == [])
        #expect(labels.items.count == 3)
        let calibration = calibrated(labels.items)
        #expect(calibration.counts == .init(bothPass: 1, judgePasses: 1, peoplePass: 0, bothFail: 0))
        #expect(calibration.split == 1)
        #expect(calibration.people?.raters == 3)
        #expect(calibration.people?.pairs == 5)
        #expect(calibration.people?.agreed == 2)
    }

    @Test("A scale: the whole table with weighted kappa, and pass or fail by the threshold")
    func scale() throws {
        let rubric = Labelling.rubric(.anchored(minimum: 1, maximum: 5, anchors: [:]), threshold: 0.75)
        let (labels, problems) = try Labelling.read(
            [(5, "5"), (4, "4"), (4, "5"), (3, "4"), (2, "2"), (1, "1"), (1, "2")].enumerated().map {
                #"{"input":\#($0),"output":"o","label":\#($1.0),"judge":"\#($1.1)"}"#
            }, rubric)
        #expect(problems == [])
        let calibration = JudgeCalibrating.calibrate(labels.items, rubric: rubric, date: "d")
        #expect(calibration.counts == .init(bothPass: 3, judgePasses: 1, peoplePass: 0, bothFail: 3))
        #expect(calibration.verdicts == ["1", "2", "3", "4", "5"])
        // sklearn.metrics.cohen_kappa_score([5,4,4,3,2,1,1],[5,4,5,4,2,1,2],weights="quadratic")
        #expect(abs(try #require(calibration.kappa).value - 0.9049773755656109) < 1e-9)
    }

    /// Counted in Python from the same files, kappa by sklearn 1.7, the lower end of informedness by the formulas written out.
    @Test("Recorded judges of LLMBar: counts, kappa and the bias for the answer that stands first", arguments: [
        ("GPT-4/CoT", [25, 6, 1, 18], [3, 2, 1], 0.7611134191940174, 0.469607320183697),
        ("ChatGPT/Vanilla", [18, 13, 8, 11], [15, 15, 0], 0.12013139371187243, -0.11411926178587539),
        ("ChatGPT/CoT", [16, 17, 10, 5], [16, 16, 0], -0.05439330543933041, -0.37839136813141544),
        ("PaLM2/Vanilla_NoRules", [21, 8, 3, 15], [7, 3, 4], 0.5508453810340603, 0.25723366204440123),
    ])
    func recorded(_ judge: String, _ counts: [Int], _ order: [Int], _ kappa: Double, _ informedness: Double) throws {
        guard let natural = SharedData.url("data/llmbar-natural.jsonl"), let generated = SharedData.url("data/llmbar-gptinst.jsonl")
        else { return }
        let rows = try [natural, generated].flatMap {
            String(decoding: try Data(contentsOf: $0), as: UTF8.self).split(separator: "\n").map(String.init)
        }
        let (labels, problems) = try Labelling.read(rows, Labelling.pairwise, recorded: judge)
        #expect(problems == [])
        #expect(labels.items.count == 50)
        let calibration = JudgeCalibrating.calibrate(labels.items, rubric: Labelling.pairwise, date: "d")
        let found = calibration.counts
        #expect([found.bothPass, found.judgePasses, found.peoplePass, found.bothFail] == counts)
        let bias = try #require(calibration.bias)
        #expect([bias.inconsistent, bias.preferringFirst, bias.preferringSecond] == order)
        #expect(abs(try #require(calibration.kappa).value - kappa) < 1e-9)
        #expect(abs(try #require(calibration.informedness).low - informedness) < 1e-9)
    }

    @Test("The next to label: half and half, the newest day first, the same ones each time they are asked for")
    func next() {
        let day = 86_400.0
        let candidates = (0..<100).map { JudgeCalibrating.Candidate(passes: $0 % 10 != 0, time: $0 < 50 ? 5 * day : 9 * day) }
        let chosen = JudgeCalibrating.next(8, of: candidates, seed: 1)
        #expect(chosen.count == 8 && Set(chosen).count == 8)
        #expect(chosen.count { candidates[$0].passes } == 4)
        #expect(chosen.allSatisfy { $0 >= 50 })
        #expect(JudgeCalibrating.next(8, of: candidates, seed: 1) == chosen)
        #expect(JudgeCalibrating.next(8, of: candidates, seed: 2) != chosen)
        // There are only ten failures; passes fill up.
        let many = JudgeCalibrating.next(40, of: candidates, seed: 1)
        #expect(many.count { !candidates[$0].passes } == 10 && many.count == 40)
        #expect(JudgeCalibrating.next(500, of: candidates, seed: 1).count == 100)
    }
}

@Suite("Labels")
struct JudgeLabelTests {
    @Test("What is wrong with a row is said", arguments: [
        (#"{"input":"a","output":"1","lable":"pass"}"#, #"unknown key "lable""#), (#"{"output":"1"}"#, #"missing key "input""#),
        (#"{"input":"a","label":"pass"}"#, #"missing key "output""#), (#"["a"]"#, "a label must be an object, not "),
        (#"{"input":"a","output":"1","label":"good"}"#, #""good" is no verdict of rubric "helpful""#),
        (#"{"input":"a","output":"1","labels":{"ann":"perhaps"}}"#, #""perhaps" is no verdict of rubric "helpful""#),
        (#"{"input":"a","output":"1","judge":["pass","x"]}"#, #"is no verdict of rubric "helpful""#),
        (#"{"input":"a","output":"1","drawn_from":{"run":"r","passes":9,"judged":3}}"#, "must be a whole number from 0 to 3"),
    ])
    func problems(_ row: String, _ message: String) throws {
        let (_, problems) = try Labelling.read([row])
        #expect(problems.count >= 1)
        #expect(problems.contains { $0.contains(message) }, "\(problems)")
    }

    @Test("One answer with two labels of nobody, and one id for two answers, are contradictions")
    func contradictions() throws {
        let twice = try Labelling.read([
            #"{"input":"a","output":"1","label":"pass"}"#, #"{"input":"a","output":"1","label":"fail"}"#,
        ]).1
        #expect(twice == ["this answer was labelled differently before"])
        let ids = try Labelling.read([
            #"{"id":"x","input":"a","output":"1","label":"pass"}"#, #"{"id":"x","input":"a","output":"2","label":"pass"}"#,
        ]).1
        #expect(ids == [#"the id "x" is there with another answer already"#])
    }

    @Test("Labels may be words, booleans, numbers of a scale; keys of other tools are put up with")
    func forms() throws {
        let (labels, problems) = try Labelling.read([
            #"{"input":"a","output":"1","label":true,"annotator_notes":"x","model":"m"}"#,
            #"{"input":"b","output":"1","label":"FAIL","judge":{"verdict":"pass","reason":"r"}}"#,
            #"{"input":"c","output":"1","label":null,"judge":["pass","fail","pass"]}"#,
        ])
        #expect(problems == [])
        #expect(labels.items.map { $0.people[""]?.passes } == [true, false, nil])
        #expect(labels.items.map { $0.judge?.passes } == [nil, true, true])
    }

    @Test("Pairs come as a list, an object, or first and second; the better one by number or name")
    func pairs() throws {
        let (labels, problems) = try Labelling.read([
            #"{"input":"a","outputs":["x","y"],"label":2,"judge":{"ab":"first","ba":2}}"#,
            #"{"input":"b","outputs":{"output_1":"x","output_2":"y"},"expected":1,"judge":{"ab":1,"ba":1}}"#,
            #"{"input":"c","first":"x","second":"y","label":"tie","judge":"tie"}"#,
            #"{"input":"d","first":"x","second":"y","label":"first","judge":{"ab":null,"ba":1}}"#,
        ], Labelling.pairwise)
        #expect(problems == [])
        #expect(labels.items.map { $0.people[""]?.verdict } == ["second", "first", "tie", "first"])
        #expect(labels.items.map { $0.judge?.verdict } == ["tie", "first", "tie", nil])
        #expect(labels.items.map(\.isUnjudgeable) == [false, false, false, true])
        #expect(labels.items[1].expected == nil)
    }

    @Test("Rows that --next drew say of how much, once a run")
    func populations() throws {
        let labels = try Labelling.read([
            #"{"input":"a","output":"1","label":"pass","judge":"pass","drawn_from":{"run":"r1","passes":80,"judged":100}}"#,
            #"{"input":"b","output":"1","label":"pass","judge":"fail","drawn_from":{"run":"r1","passes":80,"judged":100}}"#,
            #"{"input":"c","output":"1","label":"pass","judge":"fail","drawn_from":{"run":"r2","passes":10,"judged":20}}"#,
        ]).0
        #expect(labels.populations == ["r1": .init(passes: 80, trials: 100), "r2": .init(passes: 10, trials: 20)])
    }
}

@Suite("Canaries")
struct JudgeCanaryTests {
    /// GATE.md 4.4, and scipy.stats.binom.sf(c - 1, m, 0.02) <= 0.005.
    @Test("The alarm is the least number of flips that a steady judge hardly ever makes", arguments: [
        (25, 4), (50, 5), (100, 7), (200, 11), (10, 3), (2, 2), (1, 2), (0, 1),
    ])
    func alarm(_ count: Int, _ flips: Int) { #expect(JudgeCanary.alarm(count) == flips) }

    @Test("Flips are counted among the answers that have a verdict again")
    func result() {
        let items = Labelling.items(bothPass: 25, judgePasses: 0, peoplePass: 0, bothFail: 25)
        let now = items.enumerated().map { place, item -> Bool? in place < 5 ? false : place == 10 ? nil : item.judge?.passes }
        let result = JudgeCanary.result(items, now: now)
        #expect(result == .init(judged: 49, flipped: 5, unanswered: 1, alarm: 5))
        #expect(result.hasDrifted)
        #expect(!JudgeCanary.result(items, now: items.map { _ in nil }).hasDrifted)
        let same = items.map { $0.judge?.passes }
        #expect(!JudgeCanary.result(items, now: same).hasDrifted)
    }

    @Test("Its answers: half and half in turn, on a scale those nearest to the threshold")
    func choosing() {
        let candidates = (0..<100).map { place in
            JudgeCalibrating.Candidate(passes: place % 5 >= 3, time: 0, score: Double(place % 5) / 4)
        }
        let chosen = JudgeCanary.choose(10, of: candidates, threshold: 0.75, seed: 3)
        #expect(chosen.map { candidates[$0].passes } == [false, true, false, true, false, true, false, true, false, true])
        #expect(Set(chosen.compactMap { candidates[$0].score }) == [0.5, 0.75])
    }
}
