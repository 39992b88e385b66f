// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of the library never build benchmarks.
let package = Package(
  name: "benchmarks",
  products: [
    .executable(name: "kernel-benchmark", targets: ["KernelBenchmark"]),
    .executable(name: "training-benchmark", targets: ["TrainingBenchmark"]),
  ],
  dependencies: [.package(name: "arssr", path: "..")],
  targets: [
    .executableTarget(
      name: "KernelBenchmark",
      dependencies: [
        "CThread", .product(name: "Profiling", package: "arssr"),
        .product(name: "SIMDKernels", package: "arssr"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "TrainingBenchmark",
      dependencies: [
        .product(name: "Profiling", package: "arssr"),
        .product(name: "Training", package: "arssr"),
        .product(name: "SIMDKernels", package: "arssr"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CThread"),
  ],
  swiftLanguageModes: [.v6]
)
