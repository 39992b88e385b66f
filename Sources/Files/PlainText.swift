/// Numbers in messages.
extension Double {
  /// The shortest text that reads back as the same number, without ".0" where it is whole.
  package var plainText: String {
    // Beyond, not every digit would be true, and further on there is no such Int.
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self)
  }
}
