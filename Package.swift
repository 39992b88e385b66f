// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Reading this file from top to bottom is reading the architecture: every target lists only what
// lies below it. Build with `--explicit-target-dependency-import-check error`, as the Makefile does.

// MARK: - Settings

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// isa-l is the optional fast gzip coder (Debian: libisal-dev). Without its header zlib does all.
let hasIsal = FileManager.default.fileExists(atPath: "/usr/include/isa-l/igzip_lib.h")
let isalDependency: [Target.Dependency] = hasIsal ? ["CIsal"] : []
let isalSettings: [SwiftSetting] = hasIsal ? [.define("ARSSR_ISAL")] : []

// Open MPI (Debian: libopenmpi-dev) is needed with `--traits MPI` only.
let hasOpenMPI = FileManager.default.fileExists(atPath: "/usr/bin/mpicc.openmpi")
let openMPIDependency: [Target.Dependency] =
  hasOpenMPI ? [.target(name: "COpenMPI", condition: .when(traits: ["MPI"]))] : []

// MARK: - Kernels: one source folder, one module per instruction set

// The kernel sources exist once, in Sources/SIMDKernels/Kernels. Each variant is compiled with its own
// vector width and its own code generation flags. WORKAROUND: SwiftPM 6.3 refuses two targets over
// one folder, so each variant's target directory is a symbolic link to it. WORKAROUND: -Ounchecked is
// needed there (Swift 6.3.1: the decoder is 3.4 times slower with -O, because its accumulators stay in
// memory) and only there: everything above keeps its checks.
func kernelVariant(_ name: String, define: String, codeGeneration: [String]) -> Target {
  .target(
    name: name,
    dependencies: ["CSIMD", "KernelInterface"],
    path: "Sources/\(name)",
    swiftSettings: strict + [
      .define(define),
      .unsafeFlags(["-Ounchecked"] + codeGeneration.flatMap { ["-Xcc", $0] }),
    ]
  )
}

#if arch(x86_64)
let kernelVariants: [Target] = [
  kernelVariant("KernelsSSE42", define: "ISA_SSE42", codeGeneration: ["-march=x86-64-v2"]),
  kernelVariant("KernelsAVX2", define: "ISA_AVX2", codeGeneration: ["-march=x86-64-v3"]),
  kernelVariant(
    "KernelsAVX512", define: "ISA_AVX512",
    codeGeneration: ["-march=x86-64-v4", "-mprefer-vector-width=512"]),
  kernelVariant(
    "KernelsAVX512BF16", define: "ISA_AVX512BF16",
    codeGeneration: ["-march=x86-64-v4", "-mavx512bf16", "-mprefer-vector-width=512"]),
]
#else
let kernelVariants: [Target] = [
  kernelVariant("KernelsNEON", define: "ISA_NEON", codeGeneration: [])
]
#endif
let kernelVariantDependencies: [Target.Dependency] = kernelVariants.map { .target(name: $0.name) }

// MARK: - Package

let package = Package(
  name: "arssr",
  products: [
    .executable(name: "arssr", targets: ["arssr"]),
    // The library for other programs; Examples/ uses it.
    .library(name: "SuperResolution", targets: ["SuperResolution"]),
    // The same for C and Python.
    .library(name: "CInterface", type: .dynamic, targets: ["CInterface"]),
    .library(name: "FusedInference", targets: ["FusedInference"]),
    .library(name: "Volumes", targets: ["Volumes"]),
    // For Fuzz/, which feeds the readers.
    .library(name: "Readers", targets: ["Checkpoints", "Volumes", "Files"]),
    // For Benchmarks/, which measures the kernels alone.
    .library(name: "Profiling", targets: ["Profiling"]),
    .library(name: "Training", targets: ["Training", "Networks", "RandomNumbers", "Workers"]),
    .library(name: "SIMDKernels", targets: ["SIMDKernels", "KernelInterface"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Training in several processes, with Open MPI.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // The command.
    .executableTarget(
      name: "arssr",
      dependencies: [
        "Profiling", "Training", "MessagePassing", "Reports", "SuperResolution", "FusedInference",
        "Networks", "Checkpoints", "Degradation", "Metrics", "Volumes", "Files", "Workers",
        "SIMDKernels", "KernelInterface",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"],
      swiftSettings: strict
    ),
    // What `make demo` runs after the command: scores and the picture.
    .executableTarget(
      name: "demo",
      dependencies: ["Reports", "Metrics", "Volumes", "Files", "Workers"],
      path: "Sources/Demo",
      exclude: ["README.md"],
      swiftSettings: strict
    ),

    // For other programs.
    .target(
      name: "CInterface",
      dependencies: [
        "CArssr", "SuperResolution", "FusedInference", "Checkpoints", "Volumes", "Files",
        "KernelInterface",
      ],
      exclude: ["README.md"],
      swiftSettings: strict
    ),
    .target(
      name: "SuperResolution",
      dependencies: [
        "FusedInference", "Metrics", "Networks", "Checkpoints", "Volumes", "Files", "Workers",
        "SIMDKernels", "KernelInterface",
      ],
      exclude: ["README.md"],
      swiftSettings: strict
    ),

    // Measuring.
    .target(
      name: "Profiling",
      dependencies: ["FusedInference", "Networks", "Volumes", "Workers", "KernelInterface"],
      exclude: ["README.md"],
      swiftSettings: strict
    ),

    // Training.
    .target(
      name: "Training",
      dependencies: [
        "FusedInference", "Networks", "Checkpoints", "Degradation", "RandomNumbers", "Volumes",
        "MessagePassing", "Files", "Workers", "KernelInterface",
      ],
      exclude: ["README.md"],
      swiftSettings: strict
    ),
    .target(
      name: "MessagePassing", dependencies: ["CMPI", "Files"], exclude: ["README.md"],
      swiftSettings: strict),

    // Engine.
    .target(
      name: "FusedInference",
      dependencies: [
        "Networks", "Checkpoints", "Degradation", "RandomNumbers", "Volumes", "Files", "Workers",
        "SIMDKernels", "KernelInterface",
      ],
      exclude: ["README.md"],
      swiftSettings: strict
    ),
    .target(
      name: "Networks", dependencies: ["Checkpoints", "Files", "RandomNumbers"],
      exclude: ["README.md"],
      swiftSettings: strict),
    .target(
      name: "Checkpoints",
      dependencies: [
        "CZlib", "Files", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["README.md", "Caffe/caffe.proto"],
      swiftSettings: strict
    ),
    // The page is embedded, so that the program needs no file beside it.
    .target(
      name: "Reports", dependencies: ["CCairo", "CZlib", "Files", "Volumes", "Workers"],
      exclude: ["README.md"], resources: [.embedInCode("Page")], swiftSettings: strict),
    .target(
      name: "Metrics",
      dependencies: [
        "Checkpoints", "Files", "KernelInterface", "RandomNumbers", "Volumes", "Workers",
      ], exclude: ["README.md"], swiftSettings: strict),
    .target(
      name: "Degradation",
      dependencies: ["CFourier", "Files", "RandomNumbers", "Volumes", "Workers"],
      exclude: ["README.md"], swiftSettings: strict),
    .target(
      name: "Volumes",
      dependencies: ["CNifti", "CZlib", "Files", "Workers"] + isalDependency,
      exclude: ["README.md"],
      swiftSettings: strict + isalSettings
    ),
    .target(
      name: "Workers", dependencies: ["CHwloc", "CSIMD"], exclude: ["README.md"],
      swiftSettings: strict),
    .target(
      name: "Files", dependencies: ["CCrypto", "CSIMD"], exclude: ["README.md"],
      swiftSettings: strict),
    .target(
      name: "SIMDKernels",
      dependencies: ["CSIMD", "KernelInterface"] + kernelVariantDependencies,
      exclude: ["Kernels", "README.md"],
      swiftSettings: strict
    ),
    .target(name: "RandomNumbers", exclude: ["README.md"], swiftSettings: strict),
    .target(name: "KernelInterface", exclude: ["README.md"], swiftSettings: strict),

    // C: what Swift has no spelling for, and system libraries.
    .target(name: "CSIMD"),
    .target(name: "CCairo"),
    .target(
      name: "CMPI", dependencies: openMPIDependency,
      cSettings: [.define("ARSSR_MPI", .when(traits: ["MPI"]))]),
    // Complex numbers here are finite, so their products need no rescue from NaN.
    .target(name: "CFourier", cxxSettings: [.unsafeFlags(["-fcx-limited-range"])]),
    .systemLibrary(name: "CArssr"),
    .systemLibrary(name: "CHwloc", pkgConfig: "hwloc", providers: [.apt(["libhwloc-dev"])]),
    .systemLibrary(name: "CNifti", providers: [.apt(["libnifti2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // Tests.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "SIMDKernelsTests",
      dependencies: ["SIMDKernels", "KernelInterface", "RandomNumbers", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "WorkersTests", dependencies: ["Workers", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "VolumesTests",
      dependencies: ["Volumes", "CNifti", "Files", "RandomNumbers", "Workers", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "DegradationTests",
      dependencies: ["Degradation", "RandomNumbers", "Volumes", "Workers", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CheckpointsTests",
      dependencies: ["Checkpoints", "Files", "RandomNumbers", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "NetworksTests", dependencies: ["Networks", "Checkpoints", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FusedInferenceTests",
      dependencies: [
        "FusedInference", "Networks", "Checkpoints", "Volumes", "Workers", "SIMDKernels",
        "KernelInterface", "TestSupport",
      ], swiftSettings: strict),
    .testTarget(
      name: "SuperResolutionTests",
      dependencies: [
        "SuperResolution", "FusedInference", "Volumes", "Files", "KernelInterface", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "MetricsTests",
      dependencies: [
        "Metrics", "Checkpoints", "KernelInterface", "RandomNumbers", "SIMDKernels", "Volumes",
        "Workers", "TestSupport",
      ], swiftSettings: strict),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["Reports", "CZlib", "Volumes", "Workers", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TrainingDataTests",
      dependencies: ["Training", "Degradation", "Volumes", "Workers", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "FusedInference", "Networks", "Checkpoints", "Volumes", "Workers",
        "SIMDKernels", "KernelInterface", "TestSupport",
      ], swiftSettings: strict),
    .testTarget(
      name: "ProfilingTests",
      dependencies: [
        "Profiling", "FusedInference", "Networks", "SIMDKernels", "KernelInterface", "Workers",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["arssr", "TestSupport"], exclude: ["Help"],
      swiftSettings: strict),
  ]
    + kernelVariants
    + (hasIsal ? [.systemLibrary(name: "CIsal", pkgConfig: "libisal")] : [])
    + (hasOpenMPI ? [.systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c")] : []),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
