using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Video;

/// <summary>A validated request for a video.</summary>
internal sealed record VideoRequest
{
    /// <summary>How long a caller may wait, in seconds.</summary>
    internal const int MostWaitSeconds = 600;

    /// <summary>
    /// The longest prompt in Unicode scalar values. Nobody knows how long a prompt xAI takes for a video (xAI contract, section 8: <c>max_prompt_length</c> is told of models of images only, and without a
    /// value). This is far above what anyone writes. There must be some end: the prompt goes through the job's grain and is written with each of its first states.
    /// </summary>
    internal const int MostPromptCharacters = 32 * 1024;

    private const int DefaultWaitSeconds = 300;

    /// <summary>The path that was called.</summary>
    public required string Path { get; init; }

    /// <summary>What is asked for.</summary>
    public required VideoModel Model { get; init; }

    /// <summary>What to show; null only with an image.</summary>
    public required string? Prompt { get; init; }

    /// <summary>Seconds.</summary>
    public required int DurationSeconds { get; init; }

    /// <summary>As xAI writes it; null leaves it to xAI.</summary>
    public required string? AspectRatio { get; init; }

    /// <summary>The resolution, which the price hangs on.</summary>
    public required string Resolution { get; init; }

    /// <summary>The image to begin with.</summary>
    public required VideoImage? Image { get; init; }

    /// <summary>How long the caller waits.</summary>
    public required TimeSpan MaxWait { get; init; }

    /// <summary>The most that the caller wants to pay.</summary>
    public required UsdTicks? Budget { get; init; }

    /// <summary>Names of the fields in the body that were ignored.</summary>
    public IReadOnlyList<string> IgnoredFields { get; init; } = [];

    /// <summary>Of the body as it came.</summary>
    public required Fingerprint Body { get; init; }

    /// <summary>What it costs by the catalogue; the hold is of exactly this.</summary>
    public UsdTicks Price => Model.Cost(Resolution, DurationSeconds, Image is not null);

    /// <summary>Reads and checks a body.</summary>
    /// <returns>The refusal, or null.</returns>
    public static ApiError? Read(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out VideoRequest request)
    {
        request = null!;
        var wait = 0;
        var refusal = RequestBody<VideoField>.Read(json, out var body)
            ?? Check(
                body,
                new(VideoField.Model, VideoField.Prompt, VideoField.DurationSeconds, VideoField.AspectRatio, VideoField.Resolution, VideoField.Image, VideoField.MaxBudgetUsd),
                VideoJobOptions.Endpoint,
                catalogue,
                json,
                out request)
            ?? body.WholeNumber(VideoField.MaxWaitSeconds, 0, MostWaitSeconds, DefaultWaitSeconds, out wait);
        if (refusal is null)
            request = request with { MaxWait = TimeSpan.FromSeconds(wait) };
        return refusal;
    }

    /// <summary>Reads and checks a body in xAI's own shape (xAI contract, section 6.1), whose caller asks again and never waits.</summary>
    /// <returns>The refusal, or null.</returns>
    public static ApiError? ReadXais(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out VideoRequest request)
    {
        request = null!;
        var refusal = RequestBody<XaiVideoField>.Read(json, out var body)
            ?? XaiVideos.Refused(body)
            ?? body.Text(XaiVideoField.User)
            ?? Check(
                body,
                new(XaiVideoField.Model, XaiVideoField.Prompt, XaiVideoField.Duration, XaiVideoField.AspectRatio, XaiVideoField.Resolution, XaiVideoField.Image, XaiVideoField.MaxBudgetUsd),
                XaiVideos.Endpoint,
                catalogue,
                json,
                out request);
        if (refusal is null && body.Has(XaiVideoField.User))
            request = request with { IgnoredFields = [XaiVideoField.User.Name()] };
        return refusal;
    }

    private static ApiError? Check<TField>(
        RequestBody<TField> body, VideoNames<TField> names, string path, ModelCatalogue catalogue, ReadOnlyMemory<byte> json, out VideoRequest request)
        where TField : struct, Enum
    {
        request = null!;
        if (ModelChoice.Find(body, names.Model, catalogue, VideoJobOptions.Endpoint, out VideoModel model) is { } wrongModel)
            return wrongModel;

        var seconds = 0;
        var (ratio, resolution) = ("", "");
        UsdTicks? budget = null;
        VideoImage? image = null;
        var wrong = body.Text(names.Prompt, MostPromptCharacters)
            ?? body.WholeNumber(names.Duration, model.LeastSeconds, model.MostSeconds, model.DefaultSeconds, out seconds)
            ?? body.Word(names.AspectRatio, model.AspectRatios, "", out ratio)
            ?? body.Word(names.Resolution, model.Resolutions, model.Resolutions[0], out resolution)
            ?? body.Budget(names.MaxBudget, out budget)
            ?? VideoImage.Read(body, names.Image, out image);
        if (wrong is not null)
            return wrong;

        var prompt = body.Has(names.Prompt) ? body.Open(names.Prompt).GetString() : null;
        if (string.IsNullOrWhiteSpace(prompt))
        {
            prompt = null;
            if (image is null)
                return ApiError.InvalidRequest("The field 'prompt' is missing; it may be left out only with an image.", "prompt");
        }

        request = new VideoRequest
        {
            Path = path,
            Model = model,
            Prompt = prompt,
            DurationSeconds = seconds,
            AspectRatio = ratio.Length == 0 ? null : ratio,
            Resolution = resolution,
            Image = image,
            MaxWait = TimeSpan.Zero,
            Budget = budget,
            Body = Fingerprint.Of(json.Span),
        };
        return null;
    }
}

/// <summary>What a face calls the fields of a video.</summary>
internal readonly record struct VideoNames<TField>(TField Model, TField Prompt, TField Duration, TField AspectRatio, TField Resolution, TField Image, TField MaxBudget)
    where TField : struct, Enum;
