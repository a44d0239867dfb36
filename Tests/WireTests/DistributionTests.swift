import Testing
import Wire

@Test(arguments: [
  ("General", DistributionClass.general), ("general", .general), ("Limited", .limited), ("Provisional", .limited),
  ("Restricted", .restricted),
  ("Confidential", .confidential), ("Strictly confidential", .strictlyConfidential), ("strictly-confidential", .strictlyConfidential),
  ("", .strictlyConfidential), ("Generall", .strictlyConfidential), ("Participants only", .strictlyConfidential),
  ("1", .strictlyConfidential),
])
func `a distribution has its class, and the highest when it is not read or not known`(_ text: String, _ expected: DistributionClass) {
  #expect(DistributionClass(distribution: text) == expected)
}

@Test func `a class is written and read alike in a certificate, in a manifest and on a masthead`() {
  for distribution in DistributionClass.allCases {
    #expect(DistributionClass(uri: distribution.uri) == distribution && DistributionClass(name: distribution.name) == distribution)
    #expect(DistributionClass(number: UInt32(distribution.rawValue)) == distribution)
    #expect(DistributionClass(distribution: distribution.printed) == distribution)
  }
  #expect(DistributionClass.allCases.map(\.uri).contains("chancery:clearance:strictly-confidential"))
  #expect(DistributionClass.allCases == DistributionClass.allCases.sorted())
  for number in [0, 6, 257, .max] as [UInt32] { #expect(DistributionClass(number: number) == .strictlyConfidential) }
  for uri in ["chancery:clearance:", "chancery:clearance:General", "chancery:clearance:all", "clearance:general", "chancery:role:reader"] {
    #expect(DistributionClass(uri: uri) == nil)
  }
}

@Test func `a role whose methods hand out the whole registry sees everything, and no other does`() {
  #expect(Set(Role.allCases.filter(\.seesEverything)) == [.operator, .index, .query])
}
