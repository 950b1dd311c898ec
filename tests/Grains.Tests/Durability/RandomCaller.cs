using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>
/// Someone with a plan of commands who repeats each, with the same id, until told, and then goes on to the next. The answer to the last try only is
/// looked at: an earlier one that was given up may still come, to nobody.
/// </summary>
internal sealed class RandomCaller
{
    private readonly Queue<Func<DurableAccount, Task>> _plan;
    private readonly Action<object> _told;

    /// <param name="plan">The commands, each sent to a host.</param>
    /// <param name="told">Given every answer in the moment in which it comes; false ends the plan.</param>
    public RandomCaller(IEnumerable<Func<DurableAccount, Task>> plan, Func<object, bool> told)
    {
        _plan = new Queue<Func<DurableAccount, Task>>(plan);
        _told = answer =>
        {
            _plan.Dequeue();
            if (!told(answer))
                _plan.Clear();
        };
    }

    public bool IsDone => _plan.Count == 0;

    public Task? Waiting { get; private set; }

    public bool MaySend => !IsDone && Waiting is null;

    public void Send(DurableAccount host) => Waiting = _plan.Peek()(host);

    /// <summary>Stops waiting, as a front end does whose call has timed out.</summary>
    public void GiveUpWaiting() => Waiting = null;

    /// <summary>Takes in an answer or a failure that has come.</summary>
    public void Look()
    {
        if (Waiting is not { IsCompleted: true } answer)
            return;
        Waiting = null;
        if (answer.IsCompletedSuccessfully)
            _told(AnswerOf(answer));
        else if (answer.Exception?.InnerException is not AccountUnavailableException)
            throw new InvalidOperationException("A caller was told something that is no answer.", answer.Exception);
    }

    private static object AnswerOf(Task answer) => answer switch
    {
        Task<PlaceHoldReply> placed => placed.GetAwaiter().GetResult(),
        Task<SettleReply> settled => settled.GetAwaiter().GetResult(),
        Task<EndHoldOutcome> ended => ended.GetAwaiter().GetResult(),
        Task<OperatorOutcome> credited => credited.GetAwaiter().GetResult(),
        Task<AccountView?> read => read.GetAwaiter().GetResult()!,
        _ => throw new InvalidOperationException("No such command."),
    };
}
