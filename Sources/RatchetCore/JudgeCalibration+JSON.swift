import RatchetJSON

extension JudgeCalibration {
    /// As it lies beside its rubric, and in reports.
    package var json: JSONValue {
        var object: JSONObject = [
            "format": .string(Self.format), "rubric": .string(rubric), "rubric_hash": .string(rubricHash),
            "judge": .string(judge), "date": .string(date), "standing": .string(standing.rawValue),
            "labels": [
                "both_pass": .int(counts.bothPass), "judge_passes": .int(counts.judgePasses),
                "people_pass": .int(counts.peoplePass), "both_fail": .int(counts.bothFail), "split": .int(split),
            ],
            "judged": ["passes": .int(judged.passes), "of": .int(judged.trials)],
        ]
        if let verdicts, let table {
            object["verdicts"] = .strings(verdicts)
            object["table"] = .array(table.map { .array($0.map { .int($0) }) })
        }
        object["kappa"] = kappa?.json ?? .null
        object["sensitivity"] = sensitivity?.json ?? .null
        object["specificity"] = specificity?.json ?? .null
        object["informedness"] = informedness?.json ?? .null
        object["true_pass_rate"] = truePassRate?.json ?? .null
        object["labels_to_halve"] = .int(labelsToHalve)
        object["people"] = people.map { people in
            [
                "raters": .int(people.raters), "pairs": .int(people.pairs), "agreed": .int(people.agreed),
                "kappa": people.kappa?.json ?? .null,
            ]
        }
        object["bias"] = bias.map { bias in .object(JSONObject(Bias.keys.map { ($0.key, .int(bias[keyPath: $0.figure])) })) }
        return .object(object)
    }
}

extension JudgeCalibration.Estimate {
    package var json: JSONValue { ["value": .double(value), "low": .double(low), "high": .double(high)] }
}

extension JudgeCalibration.Bias {
    /// The figures by their names in files.
    package static var keys: [(key: String, figure: WritableKeyPath<JudgeCalibration.Bias, Int>)] {
        [
            ("pairs", \.pairs), ("inconsistent", \.inconsistent), ("preferring_first", \.preferringFirst),
            ("preferring_second", \.preferringSecond), ("labelled", \.labelled),
            ("agreed_standing_first", \.agreedStandingFirst), ("agreed_standing_second", \.agreedStandingSecond),
            ("unequal_lengths", \.unequal), ("judge_prefers_longer", \.judgePrefersLonger),
            ("people_prefer_longer", \.peoplePreferLonger),
        ]
    }
}

extension JudgeStatus {
    package var json: JSONValue {
        [
            "rubric": .string(rubric), "name": .string(name), "judge": .string(judge), "standing": .string(standing.rawValue),
            "gating": .bool(isGating), "calibration": calibration?.json ?? .null, "canary": canary?.json ?? .null,
        ]
    }
}

extension JudgeStatus.Canary {
    package var json: JSONValue {
        [
            "judged": .int(judged), "flipped": .int(flipped), "unanswered": .int(unanswered), "alarm": .int(alarm),
            "drifted": .bool(hasDrifted),
        ]
    }
}
