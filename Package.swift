// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is compiled with these: the next language mode's import and existential rules, and no warnings.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// For the few targets that touch raw memory: each unsafe use says so.
let memorySettings = settings + [.strictMemorySafety()]

/// Kernels are optimised in debug builds too; otherwise tests that run a model take minutes.
let kernelSettings: [CSetting] = [.unsafeFlags(["-O3"], .when(configuration: .debug))]

/// Fitting laws is long arithmetic in plain Swift, and so is the tests' reference interpreter: always optimised too.
let arithmeticSettings = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "Moso",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "moso", targets: ["MosoCommand"]),
    .library(name: "Moso", targets: ["Moso"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Training by several processes, on one machine or many, over Open MPI.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["JSON"]),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Rooms, from the ground up. A room may import only rooms listed before it.
    .target(name: "MosoRandom", swiftSettings: settings),
    .target(name: "CMosoKernels", cSettings: kernelSettings),
    .target(name: "MosoTensor", dependencies: ["CMosoKernels"], swiftSettings: memorySettings),
    .target(name: "MosoModel", swiftSettings: settings),
    .target(name: "MosoReports", swiftSettings: settings),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "MosoFormats", dependencies: ["CZlib", "MosoTensor"], swiftSettings: memorySettings),
    .target(
      name: "MosoCheckpoints", dependencies: ["MosoFormats", "MosoModel", "MosoTensor"], swiftSettings: settings),
    .target(name: "MosoScaling", dependencies: ["MosoRandom"], swiftSettings: arithmeticSettings),
    .target(name: "MosoWorlds", dependencies: ["MosoRandom"], swiftSettings: arithmeticSettings),
    .target(name: "MosoInference", dependencies: ["MosoModel", "MosoTensor"], swiftSettings: settings),
    .target(name: "MosoTokenizers", dependencies: ["MosoFormats"], swiftSettings: memorySettings),
    .target(
      name: "MosoExport",
      dependencies: ["MosoCheckpoints", "MosoFormats", "MosoModel", "MosoTensor", "MosoTokenizers"],
      swiftSettings: settings),
    .target(
      name: "MosoCorpora",
      dependencies: [
        "MosoFormats", "MosoRandom", "MosoTensor", "MosoTokenizers", "MosoWorlds",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: memorySettings),
    .target(
      name: "MosoTraining",
      dependencies: [
        "MosoCheckpoints", "MosoCorpora", "MosoFormats", "MosoInference", "MosoModel", "MosoRandom", "MosoReports",
        "MosoTensor", "MosoTokenizers", "MosoWorlds",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .systemLibrary(name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "MosoMPI",
      dependencies: ["MosoTraining", .target(name: "CMPI", condition: .when(traits: ["MPI"]))],
      swiftSettings: memorySettings),
    .target(
      name: "MosoStudies",
      dependencies: [
        "MosoCorpora", "MosoFormats", "MosoModel", "MosoRandom", "MosoReports", "MosoScaling", "MosoTensor",
        "MosoTraining",
      ],
      swiftSettings: settings),
    .target(name: "MosoTemplates", dependencies: ["MosoFormats", "MosoTokenizers"], swiftSettings: settings),
    .target(name: "MosoConstraints", dependencies: ["MosoFormats", "MosoTokenizers"], swiftSettings: settings),
    .target(name: "MosoConversation", dependencies: ["MosoFormats"], swiftSettings: settings),
    .target(
      name: "MosoPrompting",
      dependencies: ["MosoConstraints", "MosoConversation", "MosoFormats", "MosoTemplates", "MosoTokenizers"],
      swiftSettings: settings),
    .target(
      name: "MosoEngine",
      dependencies: [
        "MosoCheckpoints", "MosoConstraints", "MosoConversation", "MosoFormats", "MosoInference", "MosoModel",
        "MosoPrompting", "MosoRandom", "MosoTemplates", "MosoTensor", "MosoTokenizers",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "MosoHub",
      dependencies: [
        "MosoFormats",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        // Subprocess takes its paths as this; Apple's systems bring the module along, by the name of System.
        .product(name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: memorySettings
    ),
    .target(name: "MosoTerminal", swiftSettings: memorySettings),
    .target(
      name: "MosoServer",
      dependencies: [
        "MosoConversation", "MosoEngine", "MosoFormats", "MosoHub", "MosoModel", "MosoPrompting", "MosoTemplates",
        "MosoTensor", "MosoTokenizers",
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      resources: [.embedInCode("Page"), .embedInCode("OpenAPI")],
      swiftSettings: settings),
    .target(
      name: "Moso",
      dependencies: [
        "MosoConversation", "MosoEngine", "MosoFormats", "MosoHub", "MosoModel", "MosoTensor", "MosoTokenizers",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "MosoCommand",
      dependencies: [
        "Moso", "MosoCheckpoints", "MosoConversation", "MosoCorpora", "MosoEngine", "MosoExport", "MosoFormats",
        "MosoHub", "MosoModel", "MosoMPI", "MosoReports", "MosoScaling", "MosoServer", "MosoStudies", "MosoTensor",
        "MosoTerminal",
        "MosoTokenizers", "MosoTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // The programs whose lines the documents show.
    .executableTarget(
      name: "HelloMoso", dependencies: ["Moso"], path: "Examples/Hello", swiftSettings: settings),
    .executableTarget(
      name: "TourOfMoso", dependencies: ["Moso"], path: "Examples/Tour", swiftSettings: settings),

    // What Benchmarks/ and Scripts/ run to compare with peers.
    .executableTarget(
      name: "TokenizerTool", dependencies: ["MosoFormats", "MosoTokenizers"], path: "Benchmarks/TokenizerTool",
      swiftSettings: settings),

    .executableTarget(
      name: "TrainingTool",
      dependencies: [
        "MosoCorpora", "MosoFormats", "MosoModel", "MosoTensor", "MosoTokenizers", "MosoTraining", "MosoWorlds",
      ],
      path: "Benchmarks/TrainingTool",
      swiftSettings: settings),

    // Damaged files for every reader: what makes and judges them, and the command.
    .target(
      name: "MosoFuzzing",
      dependencies: [
        "MosoCheckpoints", "MosoConstraints", "MosoConversation", "MosoEngine", "MosoFormats", "MosoInference",
        "MosoModel",
        "MosoTemplates", "MosoTensor", "MosoTokenizers",
      ],
      swiftSettings: settings),
    .executableTarget(name: "MosoFuzz", dependencies: ["MosoFuzzing"], swiftSettings: settings),

    // What tests share: seeded random models, a reference interpreter, the suite every interpreter passes.
    .target(
      name: "MosoTesting", dependencies: ["CMosoKernels", "MosoModel", "MosoTensor"], path: "Tests/MosoTesting",
      swiftSettings: arithmeticSettings),

    // Tests, one target a room.
    .testTarget(
      name: "MosoCheckpointsTests",
      dependencies: ["MosoCheckpoints", "MosoFormats", "MosoInference", "MosoModel", "MosoTensor"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "MosoExportTests",
      dependencies: ["MosoCheckpoints", "MosoExport", "MosoFormats", "MosoTensor", "MosoTokenizers"],
      swiftSettings: settings),
    .testTarget(
      name: "MosoFormatsTests", dependencies: ["MosoFormats", "MosoTensor"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "MosoEngineTests",
      dependencies: [
        "MosoCheckpoints", "MosoConversation", "MosoEngine", "MosoFormats", "MosoInference", "MosoModel", "MosoRandom",
        "MosoTensor", "MosoTokenizers",
      ],
      swiftSettings: memorySettings),
    .testTarget(
      name: "MosoFuzzingTests", dependencies: ["MosoFormats", "MosoFuzzing"], swiftSettings: settings),
    .testTarget(
      name: "MosoConversationTests", dependencies: ["MosoConversation", "MosoFormats", "MosoTesting"],
      swiftSettings: settings),
    .testTarget(
      name: "MosoPromptingTests",
      dependencies: [
        "MosoConstraints", "MosoConversation", "MosoFormats", "MosoPrompting", "MosoTemplates", "MosoTokenizers",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "MosoServerTests",
      dependencies: [
        "MosoConversation", "MosoEngine", "MosoFormats", "MosoServer",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "MosoTests", dependencies: ["Moso", "MosoConversation", "MosoEngine"], swiftSettings: settings),
    .testTarget(
      name: "MosoCommandTests",
      dependencies: ["MosoCommand", "MosoConversation", "MosoEngine", "MosoFormats", "MosoHub", "MosoTerminal"],
      swiftSettings: settings),
    .testTarget(
      name: "MosoInferenceTests",
      dependencies: ["CMosoKernels", "MosoInference", "MosoModel", "MosoTensor", "MosoTesting"],
      swiftSettings: settings),
    .testTarget(
      name: "MosoReportsTests", dependencies: ["MosoReports", "MosoTesting"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(name: "MosoScalingTests", dependencies: ["MosoScaling"], swiftSettings: settings),
    .testTarget(
      name: "MosoStudiesTests",
      dependencies: [
        "MosoFormats", "MosoReports", "MosoScaling", "MosoStudies", "MosoTensor", "MosoTesting", "MosoTraining",
      ],
      swiftSettings: settings),
    .testTarget(name: "MosoWorldsTests", dependencies: ["MosoRandom", "MosoWorlds"], swiftSettings: settings),
    .testTarget(
      name: "MosoCorporaTests",
      dependencies: ["MosoCorpora", "MosoFormats", "MosoTensor", "MosoTokenizers", "MosoWorlds"],
      swiftSettings: settings),
    .testTarget(
      name: "MosoTrainingTests",
      dependencies: [
        "MosoCheckpoints", "MosoCorpora", "MosoFormats", "MosoModel", "MosoTensor", "MosoTesting", "MosoTokenizers",
        "MosoTraining", "MosoWorlds",
      ],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(name: "MosoTestingTests", dependencies: ["MosoModel", "MosoTesting"], swiftSettings: settings),
    .testTarget(
      name: "MosoTensorTests", dependencies: ["CMosoKernels", "MosoModel", "MosoTensor", "MosoTesting"],
      swiftSettings: settings),
    // A process that a test may kill.
    .executableTarget(name: "PullProbe", dependencies: ["MosoHub"], path: "Tests/PullProbe", swiftSettings: settings),
    .testTarget(
      name: "MosoHubTests",
      dependencies: [
        "MosoHub", "MosoFormats", "PullProbe",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "MosoTemplatesTests", dependencies: ["MosoTemplates", "MosoFormats", "MosoTokenizers"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "MosoConstraintsTests", dependencies: ["MosoConstraints", "MosoFormats", "MosoTokenizers"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "MosoTokenizersTests", dependencies: ["MosoFormats", "MosoTokenizers"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "MosoTerminalTests", dependencies: ["MosoTerminal"], resources: [.copy("Fixtures")],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
