// swift-tools-version:6.2

import PackageDescription

// The house: one target a module, and a module imports only modules listed above it here.
// ARCHITECTURE.md says what lives where and why each dependency was taken.

let package = Package(
    name: "ratchet",
    products: [
        .executable(name: "ratchet", targets: ["ratchet"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSpawn"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),

        // Leaves: nothing of ours below them
        .target(name: "RatchetStatistics"),
        .target(name: "RatchetJSON"),

        // Values
        .target(name: "RatchetCore", dependencies: ["RatchetJSON", "CCrypto"]),

        // Edges
        .target(
            name: "RatchetFiles", dependencies: ["RatchetCore", "RatchetJSON", "Yams"],
            resources: [.embedInCode("Prices/prices.yaml")]),
        .target(
            name: "RatchetStore",
            dependencies: [
                "RatchetCore", "RatchetJSON", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(name: "RatchetBackends", dependencies: ["RatchetCore", "RatchetJSON", "RatchetFiles", "CCurl", "CSpawn"]),
        .target(name: "RatchetChecks", dependencies: ["RatchetCore", "RatchetJSON", "CPCRE2", "CSQLite", "CLibXML2"]),

        // The way of the data
        .target(
            name: "RatchetRunner",
            dependencies: [
                "RatchetCore", "RatchetJSON", "RatchetStatistics", "RatchetFiles", "RatchetStore", "RatchetBackends", "RatchetChecks",
            ]),
        .target(name: "RatchetGate", dependencies: ["RatchetCore", "RatchetStatistics"]),
        .target(
            name: "RatchetOperations",
            dependencies: ["RatchetCore", "RatchetJSON", "RatchetStatistics", "RatchetFiles"]),
        .target(
            name: "RatchetReports", dependencies: ["RatchetCore", "RatchetJSON", "RatchetStatistics", "RatchetGate"],
            resources: [.embedInCode("HTML/report.css"), .embedInCode("HTML/report.js")]),

        // The command line
        .target(
            name: "RatchetCLI",
            dependencies: [
                "RatchetCore", "RatchetJSON", "RatchetFiles", "RatchetStore", "RatchetBackends", "RatchetChecks",
                "RatchetRunner", "RatchetGate", "RatchetOperations", "RatchetReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "ratchet", dependencies: ["RatchetCLI"]),

        // Tests
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(
            name: "SampleRuns", dependencies: ["RatchetCore", "RatchetGate", "RatchetJSON", "RatchetReports"],
            path: "Tests/SampleRuns"),
        // Public test suites, run by a test over shared data and by `make conformance` over any folder
        .target(
            name: "Conformance",
            dependencies: [
                "RatchetJSON", "RatchetCore", "RatchetFiles", "RatchetBackends", "RatchetChecks", "RatchetReports", "SampleRuns",
            ], path: "Tests/Conformance"),
        // The gate against systems whose truth is known: figures for docs/design/gate.md, and some of them as a test
        .target(
            name: "Simulation", dependencies: ["RatchetGate", "RatchetCore", "RatchetStatistics"], path: "Tests/Simulation"),
        .executableTarget(name: "ratchet-simulate", dependencies: ["Simulation"], path: "Tests/SimulationProgram"),
        .executableTarget(name: "ratchet-conformance", dependencies: ["Conformance"], path: "Tests/ConformanceProgram"),
        .testTarget(name: "ConformanceTests", dependencies: ["Conformance", "RatchetJSON", "TestSupport"]),
        .testTarget(name: "RatchetCoreTests", dependencies: ["RatchetCore", "RatchetJSON"]),
        .testTarget(
            name: "RatchetOperationsTests",
            dependencies: ["RatchetOperations", "RatchetCore", "RatchetFiles", "RatchetJSON", "TestSupport"]),
        .testTarget(name: "RatchetStatisticsTests", dependencies: ["RatchetStatistics"]),
        .testTarget(name: "RatchetJSONTests", dependencies: ["RatchetJSON", "RatchetChecks", "TestSupport"]),
        .testTarget(
            name: "RatchetFilesTests", dependencies: ["RatchetFiles", "RatchetCore", "RatchetJSON", "TestSupport"]),
        .testTarget(
            name: "RatchetStoreTests",
            dependencies: [
                "RatchetStore", "RatchetCore", "RatchetJSON", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "RatchetBackendsTests",
            dependencies: [
                "RatchetBackends", "RatchetChecks", "RatchetCore", "RatchetFiles", "RatchetJSON", "TestSupport",
            ]),
        .testTarget(
            name: "RatchetChecksTests", dependencies: ["RatchetChecks", "RatchetCore", "RatchetJSON", "TestSupport"]),
        .testTarget(
            name: "RatchetRunnerTests",
            dependencies: [
                "RatchetRunner", "RatchetChecks", "RatchetCore", "RatchetFiles", "RatchetStore", "RatchetBackends",
                "TestSupport",
            ]),
        .testTarget(
            name: "RatchetGateTests", dependencies: ["RatchetGate", "RatchetCore", "RatchetStatistics", "Simulation"]),
        .testTarget(
            name: "RatchetReportsTests",
            dependencies: ["RatchetReports", "RatchetGate", "RatchetCore", "RatchetJSON", "SampleRuns", "TestSupport"],
            exclude: ["Golden"]),
        .testTarget(
            name: "RatchetCLITests",
            dependencies: [
                "RatchetCLI", "ratchet", "RatchetChecks", "RatchetCore", "RatchetFiles", "RatchetJSON", "RatchetStatistics", "RatchetStore",
                "TestSupport",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
