using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Repeats;
using LlmTr.Grains.Snapshots;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>A snapshot leaves nothing out: a member that is added to the account and not to its snapshot fails here.</summary>
public sealed class SnapshotStateTests
{
    // The deadlines are the holds' in another order. An overrun that is still to be booked forbids a snapshot.
    private static readonly string[] Derived = ["Deadlines", "Uncovered"];

    private static IEnumerable<FieldInfo> Fields => typeof(KeyAccount).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    [Fact]
    public void State_HasAMemberForEveryFieldOfTheAccount()
    {
        var members = typeof(AccountState).GetProperties().Select(static member => member.Name);

        Fields.Select(Name).Should().BeEquivalentTo([.. members.Except(["EqualityContract"]), .. Derived],
            "each must be captured, restored, and given another schema number");
    }

    [Fact]
    public void Restore_OfAnAccountWithEverythingSet_GivesEveryFieldBack()
    {
        var account = Everything();
        var restored = Roundtrip(account);
        var fresh = new KeyAccount();

        foreach (var field in Fields.Where(static field => Name(field) != "Uncovered"))
        {
            var value = Dump(field.GetValue(account));
            Dump(field.GetValue(restored)).Should().Be(value, $"{Name(field)} must come back");
            value.Should().NotBe(Dump(field.GetValue(fresh)), $"{Name(field)} must be set in this test, or it proves nothing");
        }
    }

    [Fact]
    public void Capture_OfAnAccountThatGoesOn_StaysAsItWas()
    {
        var scene = new AccountScene(1_000_000);
        for (var i = 0; i < 3000; i++)
            scene.Settle(scene.Hold(10), 3);
        var account = scene.Account;
        var snapshot = new LedgerSnapshot(account.Capture(), LineHash.Genesis);
        var before = snapshot.Encode();

        for (var i = 0; i < 3000; i++)
            scene.Settle(scene.Hold(10), 3);

        snapshot.Encode().AsSpan().SequenceEqual(before).Should().BeTrue("it is encoded on another thread while the account goes on");
    }

    [Fact]
    public void Capture_BetweenASettlementAndItsOverrun_IsRefused()
    {
        var scene = new AccountScene(100);
        var id = scene.Hold(100);
        var entries = new List<LedgerEntry>();
        scene.Account.Settle(AccountScene.Charge(id, 150), scene.Now, entries);
        scene.Account.Apply(entries[0]);

        var capture = () => scene.Account.Capture();

        capture.Should().Throw<InvalidOperationException>();
    }

    /// <summary>Through the stored form and back.</summary>
    internal static KeyAccount Roundtrip(KeyAccount account)
    {
        var encoded = new LedgerSnapshot(account.Capture(), LineHash.Genesis).Encode();
        LedgerSnapshot.TryDecode(encoded, out var replay).Should().BeTrue();
        return replay!.Account;
    }

    private static KeyAccount Everything()
    {
        var scene = new AccountScene(1000);
        scene.Credit("ğ \"1\"\n", 500);
        var (open, settled, released, expired, reported) = (scene.Hold(10), scene.Hold(20), scene.Hold(30), scene.Hold(40), scene.Hold(50));
        scene.Release(released);
        scene.Report(reported);
        scene.Now += AccountScene.Lifetime + TimeSpan.FromMilliseconds(1);
        scene.Place(open, 1, 1);
        scene.Settle(settled, 5000);
        scene.Credit("more", 100);
        scene.Hold(11);
        _ = expired;
        SetBySettings(scene);
        return scene.Account;
    }

    private static void SetBySettings(AccountScene scene)
    {
        var limits = new KeyLimits
        {
            RequestsPerMinute = 100,
            Models = ["xai/grok-4.3"],
            Budget = new KeyBudget { Amount = new UsdTicks(900_000), Period = BudgetPeriod.Week },
        };
        scene.Do((account, now, entries) => account.Credit(AccountScene.Payment("for the settings", 10_000), now, entries));
        scene.Do((account, now, entries) => account.Debit(new Debit { DebitId = "back", Amount = new UsdTicks(5), Actor = "a" }, now, entries));
        scene.Do((account, now, entries) => account.ChangeSettings(
            new ChangeSettings { Label = "another", Limits = limits, ExpiresAt = now.AddDays(1), Actor = "a" }, now, entries));
        scene.Do((account, now, entries) => account.PlaceHold(
            AccountScene.Command(scene.NewId(), 1, 1) with { IdempotencyKey = Fingerprint.Of("k"u8), Body = Fingerprint.Of("b"u8), Model = "xai/grok-4.3" },
            now,
            entries));
        scene.Do((account, now, entries) => account.Rotate(
            new RotateKey { Secret = SecretHash.Of("another"u8), Grace = TimeSpan.FromHours(1), Actor = "a" }, now, entries));
        scene.Do((account, now, entries) => account.Revoke(new RevokeKey { Actor = "a" }, now, entries));
    }

    private static string Name(FieldInfo field)
    {
        var name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name.TrimStart('_');
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    // Everything within, down to the fields of the runtime's own types; order counts only where the collection has one.
    private static string Dump(object? value) => value switch
    {
        null => "null",
        EndedHolds ended => JsonSerializer.Serialize(ended.Capture()),
        string text => text,
        IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Dump).Order(StringComparer.Ordinal)) + "]",
        DateTimeOffset at => at.UtcTicks.ToString(CultureInfo.InvariantCulture),
        _ when value.GetType().IsPrimitive || value is Enum or Guid => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => new StringBuilder("{").AppendJoin(", ", value.GetType()
            .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => $"{field.Name}: {Dump(field.GetValue(value))}")).Append('}').ToString(),
    };
}
