/// What was read and what should have been.
struct Tally {
  var right = 0
  var read = 0
  var labelled = 0
  var precision: Double { read == 0 ? 1 : Double(right) / Double(read) }
  var recall: Double { labelled == 0 ? 1 : Double(right) / Double(labelled) }
}
