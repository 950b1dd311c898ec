using System.Globalization;
using LlmTr.Api.Errors;

namespace LlmTr.Api.Requests;

/// <summary>A request's query, read strictly: a misspelt filter that is ignored would show the wrong rows and not say so.</summary>
internal sealed class RequestQuery
{
    private static readonly TimeSpan DefaultTime = TimeSpan.FromDays(30);

    // In UTC only: the plus sign of another zone would be a space in a query that is not encoded.
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"];

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

    /// <summary>The time that <c>from</c> and <c>to</c> name; where <c>from</c> is absent, the 30 days before its end, which is now where <c>to</c> is absent too.</summary>
    /// <exception cref="RefusedException">400: not days or moments, or in the wrong order.</exception>
    public (DateTimeOffset From, DateTimeOffset Until) Time(DateTimeOffset now)
    {
        var (from, until) = Time();
        if (Text("from") is not null)
            return (from, until);
        var end = Text("to") is null ? now : until;
        return (end - DateTimeOffset.MinValue > DefaultTime ? end - DefaultTime : DateTimeOffset.MinValue, until);
    }

    /// <summary>From <c>from</c> to <c>to</c>: days in UTC, both included, or moments, the second not included; all of time where they are absent.</summary>
    /// <exception cref="RefusedException">400: not days or moments, or in the wrong order.</exception>
    public (DateTimeOffset From, DateTimeOffset Until) Time()
    {
        var from = Moment("from")?.At ?? DateTimeOffset.MinValue;
        if (Moment("to") is not var (to, isDay))
            return (from, DateTimeOffset.MaxValue);
        if (to < from)
            throw Wrong("to", "to may not be before from.");
        return (from, !isDay ? to : to.Date < DateTime.MaxValue.Date ? to.AddDays(1) : DateTimeOffset.MaxValue);
    }

    private (DateTimeOffset At, bool IsDay)? Moment(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return (new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), true);
        return DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? (moment, false)
            : throw Wrong(name, $"{name} is a day, YYYY-MM-DD, or a moment such as 2027-01-31T09:00:00Z, in UTC.");
    }

    private static RefusedException Wrong(string name, string message) => new(ApiError.InvalidRequest(message, name));
}
