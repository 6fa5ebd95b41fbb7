/// How the eye moves from one time bin to the next, which is all that moves a scene from phase to phase.
enum RetinaGaze {
  /// The chance of a jump to any scene in any phase.
  static let jump = 1.0 / 32
  /// The chances that the phase goes on by no step, by one and by two.
  static let steps = [3.0 / 32, 25.0 / 32, 3.0 / 32]
}
