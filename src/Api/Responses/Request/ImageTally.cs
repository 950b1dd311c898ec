namespace LlmTr.Api.Responses;

/// <summary>The images of an input: they count by number and not by the length of their addresses.</summary>
internal struct ImageTally
{
    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>UTF-8 bytes of their URLs and data, which are no text.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts one.</summary>
    public void Add(int bytes)
    {
        Count++;
        Bytes += bytes;
    }
}
