using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>What is said of every route. A test holds it against the routes that are mapped.</summary>
internal static class Book
{
    /// <summary>All operations, with the ranges of what is on sale.</summary>
    public static IReadOnlyList<Operation> Of(ModelCatalogue catalogue)
    {
        var sale = new OnSale(catalogue);
        return
        [
            ResponsesOperation.Of(sale),
            ChatOperation.Of(sale),
            .. ImageOperations.Of(sale),
            .. VideoOperations.Of(sale),
            .. XaiVideoOperations.Of(sale),
            .. SpeechOperations.Of(sale),
            .. TranscriptionOperations.Of(sale),
            .. AccountOperations.All(),
            .. AdminOperations.All(),
        ];
    }
}
