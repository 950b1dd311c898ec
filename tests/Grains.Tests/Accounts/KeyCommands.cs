using System.Text;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>Commands about a key's settings, limits and cases, as short as a test wants them.</summary>
internal static class KeyCommands
{
    public static PlaceHoldReply Place(this AccountScene scene, PlaceHold command) => scene.Do((account, now, entries) => account.PlaceHold(command, now, entries));

    /// <summary>Asks for a hold of one tick and so many tokens, under a new id.</summary>
    public static PlaceHoldReply PlaceTokens(this AccountScene scene, long least, long? most = null) =>
        scene.Place(AccountScene.Command(scene.NewId(), 1, 1).WithTokens(least, most ?? least));

    /// <summary>Asks for a hold of one tick under a new id.</summary>
    public static PlaceHoldReply PlaceOne(this AccountScene scene) => scene.Place(scene.NewId(), 1, 1);

    public static PlaceHold WithTokens(this PlaceHold command, long least, long most) => command with { LeastTokens = least, MostTokens = most };

    public static PlaceHold WithIdempotencyKey(this PlaceHold command, string key, string body) =>
        command with { IdempotencyKey = Fingerprint.Of(Encoding.UTF8.GetBytes(key)), Body = Fingerprint.Of(Encoding.UTF8.GetBytes(body)) };

    public static OperatorOutcome Debit(this AccountScene scene, string id, long amount) => scene.Do((account, now, entries) => account.Debit(
        new Debit { DebitId = id, Amount = new UsdTicks(amount), Reference = "refund 7", Note = "a note", Actor = "tests" }, now, entries));

    public static OperatorOutcome Limit(this AccountScene scene, KeyLimits limits) => scene.Change(new ChangeSettings { Limits = limits, Actor = "tests", Reason = "a reason" });

    public static OperatorOutcome Change(this AccountScene scene, ChangeSettings command) =>
        scene.Do((account, now, entries) => account.ChangeSettings(command, now, entries));

    public static OperatorOutcome Rotate(this AccountScene scene, SecretHash secret, TimeSpan grace) => scene.Do((account, now, entries) => account.Rotate(
        new RotateKey { Secret = secret, Grace = grace, Actor = "tests", Reason = "a reason" }, now, entries));

    public static OperatorOutcome Revoke(this AccountScene scene) => scene.Do((account, now, entries) => account.Revoke(
        new RevokeKey { Actor = "tests", Reason = "a reason" }, now, entries));

    public static ResolveCaseReply Resolve(this AccountScene scene, RequestId id, long? cost) => scene.Do((account, now, entries) => account.ResolveCase(
        new ResolveCase { Id = id, Cost = cost is { } ticks ? new UsdTicks(ticks) : null, Note = "a note", Actor = "tests" }, now, entries));

    /// <summary>Loses an open hold.</summary>
    public static RequestId CaseOf(this AccountScene scene, RequestId id)
    {
        scene.Report(id);
        return id;
    }

    /// <summary>An open case whose hold was of this amount.</summary>
    public static RequestId Case(this AccountScene scene, long hold)
    {
        var id = scene.Hold(hold);
        scene.Report(id);
        return id;
    }
}
