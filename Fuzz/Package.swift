// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because every module in it is built with libFuzzer's instrumentation:
// Scripts/fuzz.sh passes -sanitize=fuzzer,address for all.
func fuzzTarget(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["FuzzDriver", "Oracles"],
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "arssr", path: "..")],
  targets: [
    fuzzTarget("FuzzNIfTI"), fuzzTarget("FuzzGzip"), fuzzTarget("FuzzSafetensors"),
    fuzzTarget("FuzzPickle"), fuzzTarget("FuzzCaffe"), fuzzTarget("FuzzChainer"),
    fuzzTarget("FuzzNumPy"),
    // What must hold for every input, accepted or refused.
    .target(
      name: "Oracles", dependencies: [.product(name: "Readers", package: "arssr")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .target(
      name: "FuzzDriver", dependencies: ["CFuzzer"],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CFuzzer"),
  ],
  swiftLanguageModes: [.v6]
)
