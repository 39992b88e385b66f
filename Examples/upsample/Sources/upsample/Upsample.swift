import SuperResolution

/// `upsample MODEL INPUT OUTPUT`: isotropic voxels from whatever the input has.
@main
struct Upsample {
  static func main() throws {
    let words = CommandLine.arguments
    let resolver = try SuperResolver(Model(named: words[1]), on: Computer())
    let thick = try NIfTIVolume(path: words[2])
    let fine = try resolver.upsample(thick, to: .isotropic)
    try fine.write(to: words[3])
    let size = fine.grid.size
    print("\(size.x) x \(size.y) x \(size.z) voxels")
  }
}
