using Azure;
using Azure.Identity;

namespace LlmTr.Silo.Azure;

/// <summary>What a request to the blob service ends with when it fails, in a sentence for a log.</summary>
internal static class AzureFailure
{
    /// <summary>
    /// True for whatever the client throws when a request failed or took too long, but not when the caller gave up.
    /// </summary>
    public static bool IsOne(Exception exception, CancellationToken cancellation) =>
        exception is RequestFailedException or AggregateException or AuthenticationFailedException
        || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>The failure as the stores' callers know it.</summary>
    /// <param name="what">What was tried, such as <c>The video job could not be read</c>.</param>
    /// <param name="exception">What the client threw.</param>
    public static IOException Of(string what, Exception exception)
    {
        var failed = exception as RequestFailedException ?? (exception as AggregateException)?.InnerExceptions.OfType<RequestFailedException>().LastOrDefault();
        var why = failed switch
        {
            { ErrorCode: { Length: > 0 } code } => code,
            { Status: > 0 and var status } => $"status {status}",
            not null => "no answer",
            null when exception is OperationCanceledException => "no answer in time",
            _ => exception.GetType().Name,
        };
        return new IOException($"{what} in Azure storage ({why}).", exception);
    }
}
