import Checkpoints
import Glibc

/// Loads bytes as learned filters and traps if what is accepted is not what its shapes promise.
///
/// They are taken as the array, and then as the pickles beside a sound array. The reader takes files, so
/// they lie in memory as such.
public func checkFilterFiles(_ bytes: UnsafeRawBufferPointer) {
  let folder = filterFolder
  write(bytes, to: "\(folder)/h_2.npy")
  load("\(folder)/h_2.npy")
  for name in ["str", "coh"] { write(bytes, to: "\(folder)/Qfactor_\(name)3") }
  load("\(folder)/h_3.npy")
}

/// A folder of this process with what the bytes under test lack.
private let filterFolder: String = {
  let folder = "/dev/shm/arssr-fuzz-\(getpid())"
  precondition(mkdir(folder, 0o700) == 0, folder)
  // 36 filters of one tap.
  var array = Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, 118, 0]
  let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (36, 1), }"
  array += Array(header.utf8) + [UInt8](repeating: 0x20, count: 117 - header.utf8.count) + [0x0A]
  array += [UInt8](repeating: 0, count: 144)
  array.withUnsafeBytes { write($0, to: "\(folder)/h_3.npy") }
  return folder
}()

private func load(_ path: String) {
  do {
    let checkpoint = try Checkpoint.load(path: path)
    for tensor in checkpoint.tensors {
      precondition(tensor.values.count == tensor.shape.reduce(1, *), "\(tensor.shape)")
      precondition(tensor.values.allSatisfy(\.isFinite), "\(tensor.name) is not finite")
    }
  } catch let error as CheckpointError {
    checkMessage(error.message)
  } catch let error as NumPyError {
    checkMessage(error.message)
  } catch {
    // Of the files themselves: the pickles of the first array are missing.
  }
}

private func write(_ bytes: UnsafeRawBufferPointer, to path: String) {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  precondition(file >= 0, path)
  defer { close(file) }
  precondition(Glibc.write(file, bytes.baseAddress, bytes.count) == bytes.count, path)
}
