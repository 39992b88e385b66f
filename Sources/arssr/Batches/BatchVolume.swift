import Files
import Volumes

/// One volume of many, looked at as far as its header goes.
struct BatchVolume: Sendable {
  let request: UpsampleRequest
  /// Voxels of all frames, by which work is shared; 0 where the header cannot be read.
  let voxels: Int
  /// Why there can be no result.
  let refusal: Failure?

  /// Reads the header.
  init(_ name: NamedVolume, of request: UpsampleRequest) {
    var own = request.of(input: name.input, output: name.output)
    // The folders of its output need not exist yet, so nothing is looked at there for a dry run.
    own.dryRun = false
    own.bids = name.bids
    self.request = own
    do throws(Failure) {
      try self.request.checkPaths()
      let input = try VolumeInput(path: name.input, limit: .max)
      voxels = input.header.grid.voxelCount * input.header.frames
      refusal = Self.existing(self.request)
    } catch {
      voxels = 0
      refusal = error
    }
  }

  private static func existing(_ request: UpsampleRequest) -> Failure? {
    guard !request.file.force, FileIdentity(path: request.output) != nil else { return nil }
    var failure = Failure(FileError.exists(path: request.output))
    failure.message =
      "exists already; use --skip-existing to leave what is done, --force to overwrite"
    return failure
  }
}
