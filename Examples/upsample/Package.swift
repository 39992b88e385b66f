// swift-tools-version: 6.2
import PackageDescription

// A program of its own over the library. By path: the kernels need compiler flags that the package
// manager refuses in versioned dependencies.
let package = Package(
  name: "upsample",
  dependencies: [.package(name: "arssr", path: "../..")],
  targets: [
    .executableTarget(
      name: "upsample", dependencies: [.product(name: "SuperResolution", package: "arssr")])
  ],
  swiftLanguageModes: [.v6]
)
