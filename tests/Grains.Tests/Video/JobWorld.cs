using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Tests.Accounts;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;
using Microsoft.Extensions.Time.Testing;

namespace LlmTr.Grains.Tests.Video;

/// <summary>
/// One job's whole world, driven by dice: stores, the account (the real state machine), xAI, and hosts of the job that may be several at once. Every call is an act
/// that lands, fails, lands without its caller hearing of it, or lands later; every wait may be the last thing that its host does.
/// </summary>
internal sealed class JobWorld
{
    public const string JobId = "videogen_1";

    private const int MostTurns = 20_000;

    private readonly Random _dice;
    private readonly List<Act> _pending = [];
    private readonly Dictionary<string, (byte[] Json, string ETag)> _stored = [];
    private readonly Dictionary<string, OpenMarker> _markers = [];
    private readonly List<JobHost> _hosts = [];
    private int _etags;
    private int _faults;
    private int _looks;
    private int _turnsToMoney;
    private RequestId? _lastRequest;
    private Exception? _broken;

    public JobWorld(int seed)
    {
        _dice = new Random(seed);
        _faults = _dice.Next(8);
        Clock = new FakeTimeProvider(AccountScene.Start);
        var isPoor = _dice.Next(4) == 0;
        Account = new AccountScene(isPoor ? 1 : Jobs.Price.Value * 10);
        _turnsToMoney = isPoor ? _dice.Next(40) : int.MaxValue;
        Ending = _dice.Next(6);
        Pendings = _dice.Next(6);
    }

    public FakeTimeProvider Clock { get; }

    public AccountScene Account { get; }

    /// <summary>How often xAI got the POST.</summary>
    public int Posts { get; private set; }

    /// <summary>What xAI bills, as soon as it has made something.</summary>
    public UsdTicks Billed { get; private set; }

    /// <summary>How the video ends at xAI.</summary>
    public int Ending { get; }

    public int Pendings { get; }

    public VideoJob? Stored => _stored.TryGetValue(JobId, out var stored) ? VideoJobJson.Read(stored.Json) : null;

    public bool HasMarker => _markers.Count > 0;

    public List<string> Story { get; } = [];

    /// <summary>Runs until nothing is open; the faults end before.</summary>
    public void Run()
    {
        // The test framework's context would run what follows an act elsewhere and later.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            RunAlone();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void RunAlone()
    {
        StartHost(begins: true);
        for (var turn = 0; turn < MostTurns; turn++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Account.Now = Clock.GetUtcNow();
            if (_faults > 0 && _dice.Next(30) == 0)
                StartHost(begins: _dice.Next(2) == 0);

            // The customer pays, and finds the account as it stands in the middle of everything.
            if (_turnsToMoney-- == 0)
            {
                Story.Add("money comes");
                Account.Credit("late", Jobs.Price.Value * 10);
            }

            // The sweeper: an open marker, and nobody who works.
            if (HasMarker && _hosts.TrueForAll(static host => host.IsGone))
                StartHost(begins: false);
            if (_pending.Count == 0)
            {
                if (!HasMarker && _hosts.TrueForAll(static host => host.IsGone))
                    return;
                throw new InvalidOperationException("A host waits for nothing.");
            }

            Turn();
            if (_broken is not null)
                throw _broken;
        }

        throw new InvalidOperationException("The job does not come to an end.");
    }

    /// <summary>An act of a host: <paramref name="effect"/> is what the world does, the task what the host hears of it.</summary>
    public Task<T> Call<T>(JobHost host, string what, Func<T> effect, Func<bool, T>? unheard = null)
    {
        var heard = new TaskCompletionSource<T>();
        _pending.Add(new Act(host, what, null, () => effect(), (landed, fault) =>
        {
            if (host.IsGone)
                return;
            if (fault is null)
                heard.SetResult((T)landed!);
            else if (unheard is not null && fault is not Orleans.Storage.InconsistentStateException)
                heard.SetResult(unheard(landed is not null));
            else
                heard.SetException(fault);
        }));
        return heard.Task;
    }

    public Task Pause(JobHost host, TimeSpan time)
    {
        var over = new TaskCompletionSource();
        _pending.Add(new Act(host, "pause", Clock.GetUtcNow() + time, static () => null, (_, _) =>
        {
            if (!host.IsGone)
                over.SetResult();
        }));
        return over.Task;
    }

    /// <summary>The id of a request that begins the job: as often as not the one before, as a front end repeats it that was not answered.</summary>
    public RequestId Request()
    {
        if (_lastRequest is null || _dice.Next(2) == 0)
            _lastRequest = RequestIds.Make(Clock.GetUtcNow(), _dice.Next());
        return _lastRequest.Value;
    }

    public StoredVideoJob? Read() => _stored.TryGetValue(JobId, out var stored) ? new StoredVideoJob(VideoJobJson.Read(stored.Json), stored.ETag) : null;

    public string Write(VideoJob job, string? etag)
    {
        RequireETag(etag);
        var next = $"e{++_etags}";
        _stored[JobId] = (VideoJobJson.Write(job), next);
        Story.Add($"written {job.Phase}");
        if (!job.IsOver && !HasMarker)
            throw new InvalidOperationException("An open job without a marker.");
        return next;
    }

    public bool Clear(string etag)
    {
        RequireETag(etag);
        Story.Add("cleared");
        return _stored.Remove(JobId);
    }

    public bool Open(OpenMarker marker)
    {
        _markers[marker.Token] = marker;
        return true;
    }

    public bool Close(string token)
    {
        _markers.Remove(token);
        return true;
    }

    public OpenMarker? Marker => _markers.Count == 0 ? null : _markers.Values.ElementAt(_dice.Next(_markers.Count));

    public VideoStart Post()
    {
        Posts++;
        Story.Add("POST");
        if (Ending == 0)
            return new VideoStart(VideoStartKind.Refused, null, new Xai.Refusals.XaiRefusal(Xai.Refusals.RefusalKind.CallerArgument, true, false, default, null, "no"), "refused");
        Billed = Ending is 1 or 2 or 3 ? Jobs.OtherPrice : UsdTicks.Zero;
        return VideoStart.Accepted("xai-id");
    }

    public VideoPoll Look()
    {
        if (_looks++ < Pendings)
            return _dice.Next(4) switch { 0 => VideoPoll.Unanswered, 1 => new VideoPoll { Kind = VideoPollKind.PlatformFault }, _ => Jobs.Pending(_looks) };
        return Ending switch
        {
            1 or 2 => Jobs.Done(ReportedCost.Of(_looks == Pendings + 1 ? Billed : Billed * 2)),
            3 => new VideoPoll { Kind = VideoPollKind.Moderated, Cost = ReportedCost.Of(Billed) },
            4 => new VideoPoll { Kind = VideoPollKind.Failed },
            _ => new VideoPoll { Kind = VideoPollKind.Expired },
        };
    }

    private void RequireETag(string? etag)
    {
        var current = _stored.TryGetValue(JobId, out var stored) ? stored.ETag : null;
        if (current != etag)
            throw new Orleans.Storage.InconsistentStateException("another has written");
    }

    private void StartHost(bool begins)
    {
        var host = new JobHost(this);
        _hosts.Add(host);
        Story.Add(begins ? "host begins" : "host wakes");

        // A host that is killed never ends; what it throws ends the world.
        host.DriveAsync(begins).ContinueWith(
            done => _broken = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Turn()
    {
        var now = Clock.GetUtcNow();
        var ready = _pending.Where(act => act.Due is not { } due || due <= now).ToList();
        if (ready.Count == 0)
        {
            // Mostly the earliest; sometimes one that oversleeps, as a host does whose machine stands still.
            var next = _pending.MinBy(static act => act.Due)!;
            Clock.Advance(next.Due!.Value - now);
            ready = [next];
        }

        var act = ready[_dice.Next(ready.Count)];
        _pending.Remove(act);
        var luck = _faults > 0 ? _dice.Next(100) : 99;
        if (luck < 28)
            _faults--;
        if (luck < 7 && !act.Host.IsGone)
        {
            // kill -9. What it had sent may land yet.
            Story.Add($"killed at {act.What}");
            act.Host.IsGone = true;
            if (_dice.Next(2) == 0)
                Land(act);
        }
        else if (luck < 14 && act.Due is null)
        {
            Story.Add($"reply lost: {act.What}");
            Land(act, new TimeoutException());
        }
        else if (luck < 21 && act.Due is null)
        {
            Story.Add($"never landed: {act.What}");
            act.Hear(null, new IOException());
        }
        else if (luck < 28 && act.Due is null && act.What != "post")
        {
            Story.Add($"lands later: {act.What}");
            act.Hear(null, new TimeoutException());

            // Now and then so late that its host has tried again in the meantime.
            DateTimeOffset? due = _dice.Next(2) == 0 ? null : Clock.GetUtcNow() + TimeSpan.FromMilliseconds(_dice.Next(2000));
            _pending.Add(act with { Due = due, Hear = static (_, _) => { } });
        }
        else
        {
            Land(act);
        }
    }

    private static void Land(Act act, Exception? unheard = null)
    {
        object? result = null;
        Exception? fault = null;
        try
        {
            result = act.Effect();
        }
        catch (Orleans.Storage.InconsistentStateException conflict)
        {
            fault = conflict;
        }

        act.Hear(result, unheard ?? fault);
    }

    private sealed record Act(JobHost Host, string What, DateTimeOffset? Due, Func<object?> Effect, Action<object?, Exception?> Hear);
}
