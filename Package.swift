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

let package = Package(
  name: "Moso",
  platforms: [.macOS(.v15)],
  targets: [
    // Rooms, from the ground up. A room may import only rooms listed before it.
    .target(name: "CMosoKernels", cSettings: kernelSettings),
    .target(name: "MosoTensor", dependencies: ["CMosoKernels"], swiftSettings: memorySettings),
    .target(name: "MosoModel", swiftSettings: settings),
    .target(name: "MosoFormats", dependencies: ["MosoTensor"], swiftSettings: memorySettings),
    .target(name: "MosoInference", dependencies: ["MosoModel", "MosoTensor"], swiftSettings: settings),
    .target(name: "MosoTokenizers", dependencies: ["MosoFormats"], swiftSettings: settings),
    .target(name: "MosoConversation", dependencies: ["MosoFormats"], swiftSettings: settings),
    .target(
      name: "MosoEngine",
      dependencies: ["MosoConversation", "MosoFormats", "MosoInference", "MosoModel", "MosoTensor", "MosoTokenizers"],
      swiftSettings: settings),

    // Tests, one target a room.
    .testTarget(
      name: "MosoFormatsTests", dependencies: ["MosoFormats", "MosoTensor"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(name: "MosoTensorTests", dependencies: ["MosoTensor", "CMosoKernels"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
