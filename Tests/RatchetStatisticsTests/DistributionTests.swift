import Foundation
import RatchetStatistics
import Testing

@Suite("Distributions and special functions")
struct DistributionTests {
    @Test("ln Γ is the logarithm of factorials", arguments: 1...20)
    func factorials(n: Int) {
        let factorial = (1...n).reduce(1.0) { $0 * Double($1) }
        #expect(isClose(GammaFunction.logarithm(Double(n + 1)), log(factorial), within: 1e-14))
    }

    @Test("ln Γ(1/2) = ln √π and the recurrence holds at small and large arguments")
    func gammaIdentities() throws {
        #expect(isClose(GammaFunction.logarithm(0.5), log(Double.pi) / 2, within: 1e-14))
        for x in [1e-6, 0.1, 1.5, 9.5, 1e3, 1e6] {
            let next = try #require(GammaFunction.logarithm(x + 1))
            #expect(isClose(GammaFunction.logarithm(x), next - log(x), within: 1e-14), "\(x)")
        }
    }

    @Test("ln Γ is undefined at 0, below, and at infinity", arguments: [0, -1.5, Double.infinity, Double.nan])
    func gammaOutside(x: Double) { #expect(GammaFunction.logarithm(x) == nil) }

    @Test("I_x(a, b) = 1 - I_{1-x}(b, a), and I_x(1, b) = 1 - (1-x)^b")
    func incompleteBetaIdentities() throws {
        for (a, b) in [(0.3, 2.0), (5, 5), (120, 3.5)] {
            for x in [0.01, 0.25, 0.5, 0.9] {
                let mirrored = try #require(IncompleteBeta.regularized(1 - x, a: b, b: a))
                #expect(isClose(IncompleteBeta.regularized(x, a: a, b: b), 1 - mirrored))
                #expect(isClose(IncompleteBeta.regularized(x, a: 1, b: b), 1 - pow(1 - x, b)))
            }
        }
    }

    @Test("The incomplete beta function is undefined outside its domain")
    func incompleteBetaOutside() {
        #expect(IncompleteBeta.regularized(-0.1, a: 1, b: 1) == nil)
        #expect(IncompleteBeta.regularized(1.1, a: 1, b: 1) == nil)
        #expect(IncompleteBeta.regularized(.nan, a: 1, b: 1) == nil)
        #expect(IncompleteBeta.regularized(0.5, a: 0, b: 1) == nil)
        #expect(IncompleteBeta.regularized(0.5, a: 1, b: .infinity) == nil)
    }

    @Test("Normal quantile and tails are inverse to each other")
    func normalInverse() throws {
        for p in [1e-200, 1e-12, 0.004, 0.05, 0.3, 0.5, 0.8, 0.999] {
            let x = try #require(NormalDistribution.quantile(p))
            #expect(abs(NormalDistribution.tails(x).lower / p - 1) < 1e-12, "\(p)")
        }
    }

    @Test("Quantiles are undefined at 0, 1 and outside", arguments: [0, 1, -0.5, 2, Double.nan])
    func quantilesOutside(p: Double) {
        #expect(NormalDistribution.quantile(p) == nil)
        #expect(StudentTDistribution(degreesOfFreedom: 3)?.quantile(p) == nil)
    }

    @Test("With one degree of freedom t is Cauchy's distribution, with two it has a closed form")
    func closedFormsOfT() {
        for t in [-300, -2, -0.1, 0, 0.7, 5] {
            let cauchy = StudentTDistribution(degreesOfFreedom: 1)?.tails(t)
            #expect(isClose(cauchy?.lower, 0.5 + atan(t) / .pi))
            let two = StudentTDistribution(degreesOfFreedom: 2)?.tails(t)
            #expect(isClose(two?.lower, 0.5 + t / (2 * (2 + t * t).squareRoot())))
        }
    }

    @Test("t quantile and tails are inverse to each other", arguments: [0.6, 1, 2, 7, 30.5, 1e4, 1e7])
    func studentTInverse(degreesOfFreedom: Double) throws {
        let distribution = try #require(StudentTDistribution(degreesOfFreedom: degreesOfFreedom))
        for p in [1e-9, 0.0005, 0.05, 0.4999, 0.5, 0.75, 0.99999] {
            let t = try #require(distribution.quantile(p))
            #expect(isClose(distribution.tails(t)?.lower, p, within: 1e-11), "\(p)")
        }
    }

    @Test("t has no zero, negative or infinite degrees of freedom; infinite t has all mass on one side")
    func studentTEdges() {
        for degrees in [0, -1, Double.infinity, .nan] {
            #expect(StudentTDistribution(degreesOfFreedom: degrees) == nil)
        }
        let distribution = StudentTDistribution(degreesOfFreedom: 4)
        #expect(distribution?.tails(.infinity)?.upper == 0)
        #expect(distribution?.tails(-.infinity)?.lower == 0)
        #expect(distribution?.tails(.nan) == nil)
        #expect(isClose(StudentTDistribution(degreesOfFreedom: 1e12)?.tails(1.96)?.upper, 0.024997895148, within: 1e-10))
    }
}
