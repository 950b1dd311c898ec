using System.Reflection;
using System.Runtime.CompilerServices;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Architecture;

public sealed class MoneyCodeTests
{
    public static TheoryData<Type> MoneyAssemblies => new() { typeof(UsdTicks), typeof(IApiKeyGrain), typeof(KeyAccount) };

    [Theory]
    [MemberData(nameof(MoneyAssemblies))]
    public void MoneyAssembly_EveryTypeAndInstruction_IsFreeOfFloatingPoint(Type inAssembly)
    {
        ArgumentNullException.ThrowIfNull(inAssembly);

        FloatingPointScan.Of(inAssembly.Assembly.GetTypes()).Should().BeEmpty("floating point in money code is banned");
    }

    [Theory]
    [InlineData("field Field")]
    [InlineData("field Nullable")]
    [InlineData("property Property")]
    [InlineData("parameter list")]
    [InlineData("return")]
    [InlineData("local ")]
    [InlineData("instruction conv.r8")]
    [InlineData("instruction ldc.r8")]
    [InlineData("call of Decimal.")]
    public void Scan_ASpecimenOfEachKind_IsFound(string finding) =>
        FloatingPointScan.Of([typeof(Specimens), .. typeof(Specimens).GetNestedTypes(BindingFlags.NonPublic)])
            .Should().Contain(found => found.Contains(finding, StringComparison.Ordinal));

    [Fact]
    public void Scan_ADoubleThatLivesOnTheStackOnly_IsFound() =>
        FloatingPointScan.Of([typeof(StackOnly)]).Should().NotBeEmpty();

    [Fact]
    public void Scan_WholeNumbers_AreNotFound() => FloatingPointScan.Of([typeof(Whole)]).Should().BeEmpty();

    private static class Specimens
    {
        public static readonly float Field = 1;
        public static readonly decimal? Nullable = 1;

        public static Half Property => Half.One;

        public static int Parameter(IEnumerable<double[]> list) => list.Count();

        public static double Return() => 1.5;

        [MethodImpl(MethodImplOptions.NoOptimization)]
        public static long Local(long ticks)
        {
            double more = ticks;
            Consume(ref more);
            return (long)more;
        }

        public static async Task<long> InStateMachine(long ticks)
        {
            var more = ticks * 1.1m;
            await Task.Yield();
            return (long)more;
        }

        private static void Consume(ref double value) => value++;
    }

    private static class StackOnly
    {
        public static long More(long ticks) => (long)(ticks * 1.1);
    }

    private static class Whole
    {
        private const long Most = 5;

        public static long Switch(int value, long ticks) => value switch { 0 => ticks, 1 => ticks * 2, 2 => ticks / 3, 3 => Most, _ => ticks % 7 };
    }
}
