using System.Globalization;
using LlmTr.Api.Errors;

namespace LlmTr.Api.Requests;

/// <summary>A request's query, read strictly: a misspelt filter that is ignored would show the wrong rows and not say so.</summary>
internal sealed class RequestQuery
{
    private readonly IQueryCollection _query;

    private RequestQuery(IQueryCollection query) => _query = query;

    /// <summary>The query, once each of its parameters is known to be one of these and to come once.</summary>
    /// <exception cref="RefusedException">400: one is not.</exception>
    public static RequestQuery Of(HttpContext http, params ReadOnlySpan<string> known)
    {
        foreach (var (name, values) in http.Request.Query)
        {
            if (!known.Contains(name))
                throw Wrong(name, known.Length == 0 ? "This route takes no query." : $"The query of this route has {string.Join(", ", known.ToArray())} and nothing else.");
            if (values.Count != 1)
                throw Wrong(name, $"{name} may appear once.");
        }

        return new RequestQuery(http.Request.Query);
    }

    /// <summary>The text of a parameter; null where it is absent or empty.</summary>
    public string? Text(string name) => _query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A whole number within a range.</summary>
    /// <exception cref="RefusedException">400: it is not.</exception>
    public long Number(string name, long otherwise, long least, long most)
    {
        if (Text(name) is not { } text)
            return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, most == long.MaxValue ? $"{name} is a whole number from {least} on." : $"{name} is a whole number from {least} to {most}.");
    }

    /// <summary>The first moment of a UTC day written <c>YYYY-MM-DD</c>; null where it is absent.</summary>
    /// <exception cref="RefusedException">400: it is not such a day.</exception>
    public DateTimeOffset? Day(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : throw Wrong(name, $"{name} is a day, YYYY-MM-DD, in UTC.");
    }

    /// <summary>The days from <c>from</c> to <c>to</c>, both included; all of time where they are absent.</summary>
    /// <exception cref="RefusedException">400: not days, or in the wrong order.</exception>
    public (DateTimeOffset From, DateTimeOffset Until) Days()
    {
        var from = Day("from") ?? DateTimeOffset.MinValue;
        var last = Day("to");
        if (last < from)
            throw Wrong("to", "to may not be before from.");
        return (from, last is { } day && day.Date < DateTime.MaxValue.Date ? day.AddDays(1) : DateTimeOffset.MaxValue);
    }

    private static RefusedException Wrong(string name, string message) => new(ApiError.InvalidRequest(message, name));
}
