namespace LlmTr.XaiSimulator.Recording;

/// <summary>Writes requests down and keeps the books of them, so that both always tell the same.</summary>
internal sealed class BookKeeper(RequestLog log)
{
    private readonly Lock _lock = new();
    private Books _books = Books.Empty;

    /// <summary>The books as they stand.</summary>
    public Books Books
    {
        get
        {
            lock (_lock)
                return _books;
        }
    }

    /// <summary>A request came in.</summary>
    public RecordedRequest Open(Func<long, RecordedRequest> make)
    {
        lock (_lock)
            _books = _books.WithRequest();
        return log.Add(make);
    }

    /// <summary>Its reply is decided, and what it costs.</summary>
    public void Bill(RecordedRequest request, Wire.Reply reply)
    {
        request.Bills(reply.Status, reply.ResponseId, reply.Billed);
        lock (_lock)
            _books = _books.WithBill(reply.Billed);
    }

    /// <summary>It has ended.</summary>
    public void Close(RecordedRequest request, Outcome outcome)
    {
        lock (_lock)
            _books = _books.WithEnd(outcome, request.Billed);
        request.End(outcome);
    }

    /// <summary>Starts new books; what is open now will be missing in them.</summary>
    public void Reset()
    {
        lock (_lock)
            _books = Books.Empty;
    }
}
