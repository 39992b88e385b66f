import Files
import Workers

/// What one of the jobs of a run computes with.
struct BatchSlot {
  let machine: Machine
  /// nil for an interpolation.
  let model: PackedModel?

  /// Starts the workers, on the thread that will call them, and packs the model for them.
  init(_ request: ComputingRequest, model: DescribedModel?, console: Console) throws(Failure) {
    let machine = try Machine(request, console: console)
    self.machine = machine
    self.model = try model.map { model throws(Failure) in
      try PackedModel(model, computing: request, machine: machine)
    }
  }
}

extension ComputingRequest {
  /// Divides threads and memory among jobs.
  ///
  /// - Parameter jobs: 1 or more.
  /// - Returns: What each job may use; with one job the request itself.
  /// - Throws: If there are more jobs than threads, or more threads were asked for than there are.
  func divided(among jobs: Int) throws(Failure) -> [ComputingRequest] {
    guard jobs > 1 else { return [self] }
    let topology = Topology.detect()
    let wish = Machine.threads(threads?.value, topology).count
    let threads = wish ?? topology.maximumThreads
    do throws(WorkersError) {
      _ = try WorkerPlacement.plan(
        topology: topology, threads: threads, allHardwareThreads: false, pin: false)
    } catch {
      throw Failure(error, threads: self.threads)
    }
    guard jobs <= threads else {
      throw Failure(
        .optionValue(
          option: "--jobs", value: String(jobs),
          reason: "every job needs a thread, and there are \(threads)"))
    }
    // What the program itself takes is there once, whatever the number of jobs.
    let resident = MemoryLimit.residentBytes()
    let limit = memory.bytes(available: MemoryLimit.availableBytes().bytes)
    let share = resident + max(0, limit - resident) / jobs
    return (0..<jobs).map { job in
      var part = self
      let count = threads / jobs + (job < threads % jobs ? 1 : 0)
      part.threads = Setting(
        value: .exactly(count), text: String(count), origin: self.threads?.origin ?? .builtIn)
      part.memory = .bytes(share)
      return part
    }
  }
}
