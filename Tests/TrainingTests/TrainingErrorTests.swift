import Checkpoints
import Testing
import Workers

@testable import Training

@Suite struct TrainingErrorTests {
  @Test func messagesNameWhatIsThereAndWhatIsNeeded() {
    let shape = TrainingError.tensorShape("a.weight", found: [2, 3], needed: [4, 3])
    #expect(shape.message == "tensor a.weight is 2 x 3; the network needs 4 x 3")
    #expect(shape.code == "model.mismatch")
    let missing = TrainingError.stateValue(key: "train.steps", found: nil)
    #expect(missing.message.contains("train.steps") && missing.message.contains("--init"))
    #expect(TrainingError.memory(.allocation(bytes: 5, errno: 12)).code == "memory.system")
  }

  @Test func aTensorOfAnotherShapeIsRefused() throws {
    let problem = TrainingProblem.all[0]
    var tensors = problem.tensors
    tensors[0].shape = [1, 1, 3, 3, 3]
    #expect(throws: TrainingError.self) {
      _ = try TrainedNetwork(ParameterLayout(problem.configuration), tensors)
    }
  }
}
