import Checkpoints

/// Loads bytes as a checkpoint and traps if what is accepted is not what its shapes promise.
public func checkCheckpoint(_ bytes: UnsafeRawBufferPointer, named path: String) {
  do throws(CheckpointError) {
    let checkpoint = try Checkpoint.load(bytes, path: path)
    for tensor in checkpoint.tensors {
      precondition(tensor.values.count == tensor.shape.reduce(1, *), "\(tensor.shape)")
      precondition(tensor.values.allSatisfy(\.isFinite), "\(tensor.name) is not finite")
    }
  } catch {
    checkMessage(error.message)
  }
}

/// Traps if a message could break the one line it is printed on.
func checkMessage(_ message: String) {
  precondition(!message.isEmpty && message.utf8.count < 2048, "\(message.utf8.count) bytes")
  precondition(message.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "control character")
}
