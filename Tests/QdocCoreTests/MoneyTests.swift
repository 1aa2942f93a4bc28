import QdocCore
import Testing

@Suite struct MoneyTests {
    @Test(
        "Decimals are read to the billionth",
        arguments: [
            ("0", 0), ("1", 1_000_000_000), ("0.50", 500_000_000), ("12.000000001", 12_000_000_001), ("007", 7_000_000_000),
            ("9223372036.854775807", Int64.max),
        ])
    func reads(text: String, nanos: Int64) {
        #expect(Money(text, .usd)?.nanos == nanos)
    }

    @Test(
        "What is no decimal, has too many places or does not fit is refused",
        arguments: [
            "", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "1.0000000001", "9223372036.854775808", "99999999999", "1.2.3", " 1", "١",
        ])
    func refuses(text: String) {
        #expect(Money(text, .cny) == nil)
    }

    @Test(
        "A decimal is printed without trailing zeros, with two places at least",
        arguments: [
            (0, "0.00"), (500_000_000, "0.50"), (12_003_000_000, "12.003"), (1, "0.000000001"), (-1_500_000_000, "-1.50"),
            (Int64.max, "9223372036.854775807"),
        ])
    func decimals(nanos: Int64, text: String) {
        #expect(Money(nanos: nanos, .usd).decimal == text)
    }

    @Test(
        "People are shown four places, rounded up, with the sign of dollars alone",
        arguments: [
            (Money(nanos: 500_000_000, .usd), "$0.50"), (Money(nanos: 3_200_000_000, .cny), "3.20 CNY"),
            (Money(nanos: 1, .usd), "$0.0001"), (Money(nanos: 123_400_001, .usd), "$0.1235"), (.zero(.usd), "$0.00"),
        ])
    func descriptions(money: Money, text: String) {
        #expect("\(money)" == text)
    }

    @Test("A sum that does not fit stays at the largest amount, so that a cap holds")
    func overflow() {
        let most = Money(nanos: .max, .usd)
        #expect(most + Money(nanos: 1, .usd) == most)
        var sum = Money(nanos: 2, .usd)
        sum += Money(nanos: 3, .usd)
        #expect(sum.nanos == 5)
        #expect("\(most)".hasPrefix("$9223372036."))
    }

    @Test("A currency is three capital letters", arguments: ["usd", "US", "USDT", "U1D", "", "€"])
    func currencies(text: String) {
        #expect(Currency(text) == nil)
        #expect(Currency("EUR")?.code == "EUR")
        #expect(Currency("USD") == .usd)
    }

    @Test("A rate is read and printed per million tokens", arguments: ["0.4", "35.228", "0", "8", "0.000001"])
    func rates(text: String) {
        #expect(TokenRate(perMillion: text)?.perMillion == text)
        #expect(TokenRate(perMillion: text + "0000000") == (text.contains(".") ? nil : TokenRate(perMillion: text + "0000000")))
    }
}

@Suite struct PriceTests {
    private static func rate(_ text: String) throws -> TokenRate { try #require(TokenRate(perMillion: text)) }

    private static func tiered() throws -> Price {
        .tokens(
            .usd,
            [
                PriceTier(
                    upTo: 32_000, input: try rate("0.2"), cachedInput: try rate("0.04"), output: try rate("1.6"),
                    thinkingOutput: try rate("4")),
                PriceTier(upTo: 128_000, input: try rate("0.3"), output: try rate("2.4")),
                PriceTier(input: try rate("0.6"), output: try rate("4.8")),
            ])
    }

    private func usage(_ input: Int?, _ output: Int?, cached: Int? = nil) -> Usage {
        var usage = Usage()
        (usage.inputTokens, usage.outputTokens, usage.cachedTokens) = (input, output, cached)
        return usage
    }

    @Test("The input of the request chooses the tier, whose limit belongs to it")
    func tiers() throws {
        let price = try Self.tiered()
        #expect(price.cost(of: usage(32_000, 0), thought: false) == Money("0.0064", .usd))
        #expect(price.cost(of: usage(32_001, 0), thought: false) == Money("0.0096003", .usd))
        #expect(price.cost(of: usage(200_000, 1_000), thought: false) == Money("0.1248", .usd))
    }

    @Test("Cached input costs its own rate, and never more of it than there was input")
    func cached() throws {
        let price = try Self.tiered()
        #expect(price.cost(of: usage(10_000, 0, cached: 4_000), thought: false) == Money("0.00136", .usd))
        #expect(price.cost(of: usage(10_000, 0, cached: 99_000), thought: false) == Money("0.0004", .usd))
        // A tier without such a rate charges the plain one.
        #expect(price.cost(of: usage(100_000, 0, cached: 50_000), thought: false) == Money("0.03", .usd))
    }

    @Test("A call that thought costs the rate of thinking, one that did not the plain one")
    func thinking() throws {
        let price = try Self.tiered()
        #expect(price.cost(of: usage(0, 1_000_000), thought: true) == Money("4", .usd))
        #expect(price.cost(of: usage(0, 1_000_000), thought: false) == Money("1.6", .usd))
        #expect(price.worstCase(inputTokens: 0, outputTokens: 1_000_000, thinks: true) == Money("4", .usd))
    }

    @Test("The worst case takes the dearest tier that the size can reach, and rounds up to a billionth")
    func worstCase() throws {
        let price = try Self.tiered()
        #expect(price.worstCase(inputTokens: 32_000, outputTokens: 1_000, thinks: false) == Money("0.008", .usd))
        #expect(price.worstCase(inputTokens: 32_001, outputTokens: 1_000, thinks: false) == Money("0.0120003", .usd))
        let odd = Price.tokens(.cny, [PriceTier(input: try Self.rate("0.000001"), output: try Self.rate("0"))])
        #expect(odd.worstCase(inputTokens: 1, outputTokens: 0, thinks: false)?.nanos == 1)
        #expect(price.worstCase(inputTokens: .max, outputTokens: .max, thinks: true)?.nanos == .max)
    }

    @Test("A price by call ignores the size, a free one is nothing, and an unknown one is never nothing")
    func others() {
        let call = Price.call(Money(nanos: 4_000_000, .usd))
        #expect(call.worstCase(inputTokens: 1, outputTokens: 1, thinks: true)?.decimal == "0.004")
        #expect(call.cost(of: usage(nil, nil), thought: false)?.decimal == "0.004")
        #expect(Price.free.worstCase(inputTokens: 9, outputTokens: 9, thinks: false) == .zero(.usd))
        #expect(Price.free.cost(of: usage(nil, nil), thought: false) == .zero(.usd))
        #expect(Price.unknown.worstCase(inputTokens: 9, outputTokens: 9, thinks: false) == nil)
        #expect(Price.unknown.cost(of: usage(9, 9), thought: false) == nil)
        #expect(call.currency == .usd && Price.free.currency == nil && Price.unknown.currency == nil)
    }

    @Test("Usage that lacks a count settles nothing")
    func incomplete() throws {
        let price = try Self.tiered()
        #expect(price.cost(of: usage(nil, 5), thought: false) == nil)
        #expect(price.cost(of: usage(5, nil), thought: false) == nil)
        #expect(price.cost(of: usage(-1, 5), thought: false) == nil)
    }
}
