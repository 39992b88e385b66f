import FusedInference
import Volumes

extension HeldMemory {
  /// What a run of `upsample` holds beside its job: the program itself, standard input, the mask,
  /// the writer, and an integer result, whose slope depends on all values.
  ///
  /// - Parameters:
  ///   - request: Path and compression of the output.
  ///   - machine: The workers, and what was resident before anything was read.
  ///   - input: Opened.
  ///   - mask: Opened, where there is one.
  ///   - guideBytes: What reading the image of another contrast takes.
  ///   - header: The result's.
  ///   - refinement: What is held and done because the result is needed whole; nil: it is not.
  /// - Throws: If the output has no name that can be written.
  init(
    _ request: OutputRequest, machine: Machine, input: VolumeInput, mask: AuxiliaryInput?,
    guideBytes: Int, header: NIfTIHeader, refinement: RefinementPlan?
  ) throws(Failure) {
    let isHeld = header.voxelType.isInteger || refinement != nil
    let isCompressed = try Failure.of { () throws(VolumeError) in
      try VolumeWriter.isCompressed(path: request.path)
    }
    let plane = header.grid.size.x * header.grid.size.y
    let held = OutputRequest.heldBytes(header)
    let (level, workers) = (request.compression, machine.pool.workerCount)
    let writerBytes: @Sendable (Int) -> Int = { burst in
      VolumeWriter.plannedBytes(
        header, isCompressed: isCompressed, compressionLevel: level, workers: workers, burst: burst)
    }
    let read = input.heldBytes + (mask?.maskBytes ?? 0)
    // What is held is written at the end.
    self.init(
      bytes: machine.residentBytes + read + held + (refinement?.heldBytes ?? 0),
      earlierBytes: guideBytes,
      laterBytes: (isHeld ? writerBytes(0) : 0) + (refinement?.laterBytes ?? 0)
    ) { planes in
      isHeld ? 0 : writerBytes(planes * plane)
    }
  }
}
