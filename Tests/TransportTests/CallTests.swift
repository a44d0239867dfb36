import Testing
import Transport
import Wire

@Suite(.timeLimit(.minutes(1))) struct CallTests {
  @Test func aCallIsAnswered() async throws {
    try await withServer { _, endpoint in
      let connection = try await connect(endpoint)
      #expect(connection.peer == PeerIdentity(name: "server", roles: [.query]))
      #expect(connection.hello.software == "test/1")
      for size in [0, 1, 256, 70_000, 1 << 19] {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try await connection.call(.search, body: body) == body[...])
      }
      await connection.close()
    }
  }

  @Test func manyCallsShareAConnectionAndAnswersComeInAnyOrder() async throws {
    let service = TestService()
    try await withServer(service) { _, endpoint in
      let connection = try await connect(endpoint)
      async let slow = connection.call(.status, body: [1])
      try await service.started.reached(1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        // More than may be open at once: the rest waits for a free stream.
        for number in 0..<400 {
          group.addTask {
            let body = [UInt8(number & 255), UInt8(number >> 8)]
            let reply = try await connection.call(.search, body: body)
            #expect(reply == body[...])
          }
        }
        try await group.waitForAll()
      }
      service.gate.open()
      #expect(try await slow == [1])
    }
  }

  @Test func tenMebibytesGoBothWaysUnderCredit() async throws {
    try await withServer { _, endpoint in
      let connection = try await connect(endpoint)
      let stream = try await connection.open(.getObject, body: [7], sends: true)
      #expect(try await stream.reply() == [7])
      let total = 10 << 20
      async let sent: Void = {
        var next = 0
        while next < total {
          let count = min(100_000, total - next)
          try await stream.send((next..<next + count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
          next += count
        }
        stream.finishSending()
      }()
      var received = 0
      var isSame = true
      for try await chunk in stream.incoming {
        for byte in chunk {
          if byte != UInt8(truncatingIfNeeded: received &* 31) { isSame = false }
          received += 1
        }
      }
      try await sent
      #expect(received == total)
      #expect(isSame)
    }
  }

  @Test func aRequestStreamIsCountedAndAnswered() async throws {
    try await withServer { _, endpoint in
      let connection = try await connect(endpoint, as: "submitter")
      let stream = try await connection.open(.submit, body: [], sends: true)
      for _ in 0..<30 { try await stream.send([UInt8](repeating: 5, count: 50_000)) }
      stream.finishSending()
      #expect(try await stream.reply() == Array("1500000".utf8)[...])
    }
  }

  /// One CREDIT of the connection wakes several streams at once; those that found what is outbound full were once forgotten.
  @Test(.timeLimit(.minutes(1))) func manyUploadsThatShareAConnectionsCreditAllEnd() async throws {
    try await withServer { _, endpoint in
      let connection = try await connect(endpoint, as: "submitter")
      for _ in 0..<4 {
        let replies = try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<48 {
            group.addTask {
              let stream = try await connection.open(.submit, body: [], sends: true)
              try await stream.send([UInt8](repeating: 7, count: 230_000))
              stream.finishSending()
              return String(decoding: try await stream.reply(), as: UTF8.self)
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies == Array(repeating: "230000", count: 48))
      }
    }
  }

  @Test func cancellingTheTaskStopsTheHandler() async throws {
    let service = TestService()
    try await withServer(service) { _, endpoint in
      let connection = try await connect(endpoint)
      try await withThrowingTaskGroup(of: CallError.self) { group in
        group.addTask { try await failure { try await connection.call(.suggest, body: []) } }
        try await service.started.reached(1)
        group.cancelAll()
        let error = try await group.next()
        #expect(error?.code == .cancelled)
      }
      try await service.cancelled.reached(1)
      #expect(try await connection.call(.search, body: [1]) == [1])
    }
  }

  @Test func droppingAStreamStopsTheHandler() async throws {
    let service = TestService()
    try await withServer(service) { _, endpoint in
      let connection = try await connect(endpoint)
      do {
        let stream = try await connection.open(.suggest, body: [])
        // A call that is given up before its turn never runs, and so is never stopped.
        try await service.started.reached(1)
        withExtendedLifetime(stream) {}
      }
      try await service.cancelled.reached(1)
    }
  }

  @Test func aPassedDeadlineStopsTheHandlerAndTheWait() async throws {
    let service = TestService()
    try await withServer(service) { _, endpoint in
      let connection = try await connect(endpoint)
      // On a busy machine the time may be over before the call's turn comes: then it never runs.
      repeat {
        let error = try await failure { try await connection.call(.suggest, body: [], deadline: .milliseconds(60)) }
        #expect(error.code == .deadline)
      } while service.started.count == 0
      try await service.cancelled.reached(1)
    }
  }

  @Test func aLostConnectionStopsTheHandler() async throws {
    let service = TestService()
    try await withServer(service) { _, endpoint in
      let connection = try await connect(endpoint)
      async let error = failure { try await connection.call(.suggest, body: []) }
      try await service.started.reached(1)
      await connection.close()
      #expect(try await error.code == .unavailable)
      try await service.cancelled.reached(1)
    }
  }

  @Test func aCallThatFollowsIsToldThatTheServerGoesAway() async throws {
    let service = TestService()
    try await withServer(service, { $0.drainTimeout = .seconds(50) }) { server, endpoint in
      let connection = try await connect(endpoint)
      let stream = try await connection.open(.readJournal, body: [])
      _ = try await stream.reply()
      server.beginShutdown()
      let error = try await failure { for try await _ in stream.incoming {} }
      #expect(error.code == .unavailable && error.retryable)
      #expect(service.cancelled.count == 1)
    }
  }

  @Test func aWrongRoleIsForbiddenBeforeAnyWork() async throws {
    let service = TestService()
    try await withServer(service) { _, endpoint in
      for name in ["reader", "nobody"] {
        let connection = try await connect(endpoint, as: name)
        let error = try await failure { try await connection.call(.delete, body: []) }
        #expect(error.code == .forbidden)
        #expect(error.processed == .no)
        #expect(error.message == "Delete needs one of the roles operator, submitter")
      }
      #expect(service.started.count == 0)
    }
  }

  @Test func errorsOfTheHandlerReachTheCaller() async throws {
    try await withServer { _, endpoint in
      let connection = try await connect(endpoint)
      // No closure stands inside #expect here: the compiler (6.3.1) gives it the symbol of the next one in this closure, and one of them runs twice.
      let unserved = try await failure { try await connection.call(.listObjects, body: []) }
      #expect(unserved.code == .unimplemented)
      // No answer at all is the service's mistake, and says nothing of its inside.
      let silent = try await failure { try await connection.call(.health, body: []) }
      #expect(silent.code == .internal, "\(silent)")
      let stream = try await connection.open(.get, body: [])
      _ = try await stream.reply()
      let late = try await failure { for try await _ in stream.incoming {} }
      #expect(late.code == .notFound)
      let longReply = try await failure { try await connection.call(.verify, body: []) }
      #expect(longReply.code == .tooLarge)
      let longRequest = try await failure { try await connection.call(.search, body: [UInt8](repeating: 0, count: 2 << 20)) }
      #expect(longRequest.code == .tooLarge)
      #expect(try await connection.call(.search, body: [1]) == [1])
    }
  }

  @Test func whatCannotBeServedIsRefusedAtOnceWithATimeToComeBack() async throws {
    let service = TestService()
    try await withServer(
      service,
      { configuration in
        configuration.maxRunningCalls = 1
        configuration.maxQueuedCalls = 1
      }
    ) { server, endpoint in
      let connection = try await connect(endpoint)
      try await withThrowingTaskGroup(of: CallError?.self) { group in
        func addCall() {
          group.addTask {
            do { _ = try await connection.call(.status, body: []) } catch let error as CallError { return error }
            return nil
          }
        }
        addCall()
        try await service.started.reached(1)
        // One of three waits. The other two are told so while it does, whichever they are.
        for _ in 0..<3 { addCall() }
        for _ in 0..<2 {
          let refusal = try #require(try await group.next() ?? nil)
          #expect(refusal.code == .overloaded)
          #expect(refusal.processed == .no)
          #expect(refusal.retryable && refusal.retryAfterMilliseconds > 0)
        }
        #expect(server.queuedCalls == 1 && server.runningCalls == 1)
        service.gate.open()
        while let outcome = try await group.next() { #expect(outcome == nil) }
      }
    }
  }
}
