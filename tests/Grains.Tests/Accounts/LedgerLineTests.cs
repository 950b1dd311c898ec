using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class LedgerLineTests
{
    private static readonly Gen<string> HostileText = Gen.OneOf(
        Gen.OneOf(
            "", " ", "\n", "\r\n", "a\nb", "\u2028\u2029\u0085", "\0", "\t\b\f\u001f\u007f", "\"", "\\", "\\\"", "\\u000a", "'", "</script><!--", "{\"seq\":1}", "null", "\ufeff",
            "ğüşıöçİ", "日本語", "😀", "👩‍👩‍👧", "e\u0301", "\u202eabc", new string('"', 500), new string('é', 500)),
        Gen.Char['\0', '\ud7ff'].Array[0, 40].Select(static chars => new string(chars)));

    private static readonly Gen<LedgerEntry> Entries = Gen.Select(
        Gen.Long, Gen.DateTime[new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc)], Gen.Enum<LedgerEntryKind>(), Gen.Long,
        Gen.Select(HostileText, HostileText, HostileText, HostileText), Gen.Select(Gen.Long, Gen.Int, Gen.Enum<CostSource>(), Gen.Int[0, 1 << 16]),
        static (seq, at, kind, amount, texts, more) =>
        {
            // Every nullable member comes with and without a value.
            var (number, status, source, present) = more;
            var whole = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
            bool Has(int bit) => (present & (1 << bit)) != 0;
            return new LedgerEntry
            {
                Seq = seq,
                At = whole,
                Kind = kind,
                RequestId = Has(0) ? RequestIds.Make(AccountScene.Start, status) : null,
                Amount = new UsdTicks(amount),
                Balance = new UsdTicks(number),
                Held = new UsdTicks(~number),
                Hold = Has(1) ? new UsdTicks(number) : null,
                Cost = Has(2) ? new UsdTicks(amount) : null,
                CostSource = Has(3) ? source : null,
                Model = Has(4) ? texts.Item1 : null,
                Endpoint = Has(4) ? texts.Item2 : null,
                Deadline = Has(5) ? whole : null,
                InputTokens = Has(6) ? number : null,
                CachedTokens = Has(6) ? amount : null,
                OutputTokens = Has(7) ? number : null,
                ReasoningTokens = Has(7) ? seq : null,
                StatusCode = Has(8) ? status : null,
                LatencyMs = Has(8) ? number : null,
                Reason = Has(9) ? texts.Item3 : null,
                Prefix = Has(10) ? texts.Item4 : null,
                Label = Has(10) ? texts.Item1 : null,
                SecretSha256 = Has(10) ? texts.Item2 : null,
                CreditId = Has(11) ? texts.Item3 : null,
                Reference = Has(11) ? texts.Item4 : null,
                Note = Has(12) ? texts.Item1 : null,
                Actor = Has(12) ? texts.Item2 : null,
                ReservedTokens = Has(13) ? number : null,
                IdempotencyFingerprint = Has(13) ? texts.Item1 : null,
                BodyFingerprint = Has(13) ? texts.Item2 : null,
                DebitId = Has(14) ? texts.Item1 : null,
                OldSecretGoodUntil = Has(14) ? whole : null,
                ExpiresAt = Has(15) ? whole : null,
                Status = Has(14) ? (KeyStatus)(status & 3) : null,
                RequestsPerMinute = Has(15) ? status : null,
                TokensPerMinute = Has(15) ? number : null,
                MaxConcurrent = Has(14) ? status : null,
                Models = Has(15) ? texts.Item3 : null,
                Budget = Has(15) ? new UsdTicks(number) : null,
                BudgetPeriod = Has(14) ? (BudgetPeriod)((status & 3) % 3) : null,
            };
        });

    [Fact]
    public void Encode_AnyEntry_IsOneLineThatDecodesToTheSameEntry() => Entries.Sample(static entry =>
    {
        var line = LedgerLine.Encode(entry, LedgerLine.GenesisHash);

        Encoding.UTF8.GetString(line).Should().Be(JsonSerializer.Serialize(entry with { Prev = LedgerLine.GenesisHash }, LedgerJson.Default.LedgerEntry), "the serializer says what a line looks like");
        LedgerLine.Decode(line).Should().Be(entry with { Prev = LedgerLine.GenesisHash });
        line.Should().OnlyContain(static b => b >= 0x20 && b < 0x7f, "no line end, no control character and no bytes that an editor could mistake");
    }, iter: 3_000);

    [Fact]
    public void Encode_EveryUtf16Unit_LooksAsTheSerializerWritesIt()
    {
        var entry = LedgerLine.Decode("""{"seq":1,"at":"2030-01-02T03:04:05.000Z","kind":"credited","amount_ticks":1,"balance_ticks":1,"held_ticks":0}"""u8);
        for (var unit = 0; unit <= char.MaxValue; unit += unit < 0x300 ? 1 : 97)
        {
            var spoken = entry with { Note = $"a{(char)unit}b", Prev = LedgerLine.GenesisHash };

            var line = LedgerLine.Encode(spoken, LedgerLine.GenesisHash);

            if (!line.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(spoken, LedgerJson.Default.LedgerEntry)))
                Assert.Fail($"U+{unit:X4} is written in another way.");
        }
    }

    [Fact]
    public void Hash_OfALine_IsItsSha256InLowerCase()
    {
        var line = "{}"u8;

        LedgerLine.Hash(line).Should().Be("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        LedgerLine.Hash(line).Should().Be(Convert.ToHexStringLower(SHA256.HashData(line)));
    }

    [Fact]
    public void Chain_OfAWholeLedger_ShowsEveryChangeOmissionAndInsertion()
    {
        var lines = Lines(out _);
        IsChain(lines).Should().BeTrue();

        for (var i = 0; i < lines.Count - 1; i++)
        {
            var changed = lines.ToList();
            changed[i] = [.. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(lines[i]).Replace("2030", "2031", StringComparison.Ordinal))];
            IsChain(changed).Should().BeFalse($"line {i} was changed");
            var without = lines.ToList();
            without.RemoveAt(i);
            IsChain(without).Should().BeFalse($"line {i} was dropped");
            var doubled = lines.ToList();
            doubled.Insert(i, lines[i]);
            IsChain(doubled).Should().BeFalse($"line {i} was put in twice");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"seq\":1}")]
    [InlineData("not json")]
    [InlineData("{\"seq\":1.5,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":1,\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05Z\",\"kind\":\"credited\",\"amount_ticks\":1,\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000+03:00\",\"kind\":\"credited\",\"amount_ticks\":1,\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"refunded\",\"amount_ticks\":1,\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":1.5,\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":1e3,\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":\"1\",\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":9223372036854775808,\"balance_ticks\":1,\"held_ticks\":0}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":1,\"balance_ticks\":1}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":1,\"balance_ticks\":1,\"held_ticks\":0,\"request_id\":\"abc\"}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":1,\"balance_ticks\":1,\"held_ticks\":0} {}")]
    [InlineData("{\"seq\":1,\"at\":\"2030-01-02T03:04:05.000Z\",\"kind\":\"credited\",\"amount_ticks\":1,\"amount_ticks\":2,\"balance_ticks\":1,\"held_ticks\":0}")]
    public void Decode_WhatIsNoEntry_IsRefused(string line)
    {
        var decode = () => LedgerLine.Decode(Encoding.UTF8.GetBytes(line));

        decode.Should().Throw<JsonException>();
    }

    [Fact]
    public void Decode_AMemberOfALaterVersion_IsPassedOver() =>
        LedgerLine.Decode("""{"seq":1,"later":{"x":[1]},"at":"2030-01-02T03:04:05.000Z","kind":"credited","amount_ticks":1,"balance_ticks":1,"held_ticks":0}"""u8)
            .Should().BeEquivalentTo(new { Seq = 1L, Kind = LedgerEntryKind.Credited });

    // What is stored today must be read for ever: these bytes change only together with a migration.
    [Fact]
    public void Encode_EveryKindOfEntry_GivesTheseExactBytes()
    {
        var lines = Lines(out var entries);

        entries.Select(static entry => entry.Kind).Distinct().Should().BeEquivalentTo(Enum.GetValues<LedgerEntryKind>());
        string.Join('\n', lines.Select(static line => Encoding.UTF8.GetString(line))).Should().Be(GoldenLines.Text.ReplaceLineEndings("\n"));
        LedgerLine.Hash(lines[^1]).Should().Be(GoldenLines.LastHash);
    }

    [Fact]
    public void GoldenLines_ReadBack_MakeTheSameAccount()
    {
        Lines(out var entries);
        var (written, read) = (new KeyAccount(), new KeyAccount());

        foreach (var entry in entries)
            written.Apply(entry);
        foreach (var line in GoldenLines.Text.ReplaceLineEndings("\n").Split('\n'))
            read.Apply(LedgerLine.Decode(Encoding.UTF8.GetBytes(line)));

        read.View().Should().Be(written.View());
    }

    private static bool IsChain(IReadOnlyList<byte[]> lines)
    {
        var hash = LedgerLine.GenesisHash;
        foreach (var line in lines)
        {
            if (LedgerLine.Decode(line).Prev != hash)
                return false;
            hash = LedgerLine.Hash(line);
        }

        return true;
    }

    // One entry of each kind at least, with everything that a line can hold.
    private static List<byte[]> Lines(out IReadOnlyList<LedgerEntry> entries)
    {
        var scene = new AccountScene(1000);
        scene.Credit("pay \"1\"\nğ", 500);
        scene.Now += TimeSpan.FromMilliseconds(7);
        var (settled, released, lost, expired) = (scene.Hold(100), scene.Hold(100), scene.Hold(100), scene.Hold(100));
        scene.Settle(settled, 1300);
        scene.Release(released);
        scene.Release(scene.NewId());
        scene.Report(lost);
        scene.Now += AccountScene.Lifetime + TimeSpan.FromMilliseconds(1);
        scene.Settle(expired, 25);
        scene.Resolve(lost, null);
        scene.Debit("refund \"1\"", 75);
        scene.Change(new ChangeSettings
        {
            Label = "another label",
            Limits = new KeyLimits
            {
                RequestsPerMinute = 60,
                TokensPerMinute = 100_000,
                MaxConcurrent = 4,
                Models = ["xai/grok-4.3", "xai/grok-imagine-video"],
                Budget = new KeyBudget { Amount = new UsdTicks(10_000), Period = BudgetPeriod.Month },
            },
            ExpiresAt = AccountScene.Start.AddDays(30),
            Actor = "tests",
            Reason = "a reason",
        });
        scene.Rotate(SecretHash.Of("another secret"u8), TimeSpan.FromHours(1));
        scene.Place(AccountScene.Command(scene.NewId(), 50, 50).WithTokens(700, 700).WithIdempotencyKey("a key", "a body"));
        scene.Revoke();
        scene.Resolve(scene.CaseOf(scene.Ledger[^2].RequestId!.Value), 30);
        entries = scene.Ledger;

        var (lines, hash) = (new List<byte[]>(), LedgerLine.GenesisHash);
        foreach (var entry in entries)
        {
            lines.Add(LedgerLine.Encode(entry, hash));
            hash = LedgerLine.Hash(lines[^1]);
        }

        return lines;
    }
}
