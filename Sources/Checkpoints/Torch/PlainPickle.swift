/// Pickles that `torch.save` did not write: recognised in order to say what to do instead.
enum PlainPickle {
  /// Runs the pickle as data to name the first thing it asks for that is not allowed; numpy arrays
  /// and `pickle.dump(state_dict)` both show by such a name.
  static func refusal(of bytes: UnsafeRawBufferPointer) -> CheckpointFault {
    var machine = PickleMachine(bytes, persistentIDs: .refused)
    do {
      _ = try machine.run()
      return .plainPickle(asksFor: nil)
    } catch .unsafe(.symbol(let name)) {
      return .plainPickle(asksFor: name)
    } catch .unsupportedTensors(let name) {
      return .plainPickle(asksFor: name)
    } catch .wholeModule(let name) {
      return .wholeModule(className: name)
    } catch {
      return .plainPickle(asksFor: nil)
    }
  }
}
