using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Files;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Images;

/// <summary><c>POST /v1/images/generations</c> and <c>/v1/images/edits</c> (xAI contract, sections 5 and 10.4).</summary>
internal sealed class ImagesArea(FileShelf shelf, bool isEdit) : IArea
{
    private const int MostImages = 10;

    // Three in an older guide, five in the newest notes and in the contract's own example.
    private const int MostSources = 5;

    public IReadOnlyList<string> Methods => ["POST"];

    public IAsked Read(Incoming incoming) =>
        new Asked(JsonBody<ImageRequest>.Read(incoming, isEdit ? ImageRequest.ReadEdit : ImageRequest.ReadGeneration), shelf, isEdit);

    private sealed class Asked(JsonBody<ImageRequest> body, FileShelf shelf, bool isEdit) : IAsked
    {
        public string Prompt => body.Request?.Prompt ?? "";

        public string MarkerText => Prompt;

        public string? Model => body.Request?.Model;

        public IReadOnlyList<string> Fields => body.Fields;

        public IReadOnlyList<string> UnknownFields => [.. body.Fields.Except(ImageRequest.KnownFields).Except(isEdit ? ImageRequest.EditFields : [])];

        public IReadOnlyList<RecordedPart> Parts => [.. (body.Request?.Sources ?? []).Select(source => source.Part)];

        public Reply Answer(Turn turn)
        {
            if (body.Request is not { } request)
                return turn.Refuse(body.Unreadable!);
            if ((request.Model is null ? ImageModel.Usual : ImageModel.Find(request.Model)) is not { } model)
                return turn.Refuse(Fault.UnknownModel(request.Model!));
            if ((turn.KeyFault() ?? Check(request, model, isEdit)) is { } fault)
                return turn.Refuse(fault);
            return turn.Scripted(HeaderSet.Image) ?? Generate(request, model, turn);
        }

        private Reply Generate(ImageRequest request, ImageModel model, Turn turn)
        {
            var behaviour = turn.Behaviour;
            // That auto means medium for an edit is documented of the one model that has qualities.
            var isMedium = request.Quality == "medium" || (isEdit && request.Quality is null or "auto");
            var cost = (model.Output(request.Resolution, isMedium) * request.Count) + (model.Input * request.Sources.Count);
            if (behaviour.Moderated)
                return Moderated(turn, cost);
            var answer = WireJson.Object(writer =>
            {
                writer.WriteStartArray("data");
                for (var i = 0; i < request.Count; i++)
                    WriteImage(writer, request, turn);
                writer.WriteEndArray();
                if (behaviour.Model is { } named)
                    writer.WriteString("model", named);
                CostReport.Write(writer, behaviour, cost);
            });
            return Reply.Json(answer, HeaderSet.Image) with { Billed = CostReport.Billed(behaviour, cost) };
        }

        /// <summary>A moderated image is billed. Three captures show one image's price; that all the images asked for are billed is the worse guess, and is what is tested.</summary>
        private static Reply Moderated(Turn turn, UsdTicks cost)
        {
            var fault = Fault.Moderated("Generated image rejected by content moderation.");
            var bytes = WireJson.Object(writer =>
            {
                fault.WriteMembers(writer, turn.Family);
                CostReport.Write(writer, turn.Behaviour, cost);
            });
            return turn.Refuse(fault) with { Parts = [bytes], Billed = CostReport.Billed(turn.Behaviour, cost) };
        }

        private void WriteImage(Utf8JsonWriter writer, ImageRequest request, Turn turn)
        {
            var name = $"xai-tmp-imgen-{Ids.Uuid()}-{Ids.Hex(4)}.jpeg";
            writer.WriteStartObject();
            if (request.IsBase64)
            {
                writer.WriteBase64String("b64_json", Sample.Picture.Named(name, turn.Behaviour.FileBytes).ToArray());
            }
            else
            {
                var path = FileArea.Roots[0] + name;
                shelf.Add(path, Sample.Picture, turn.Behaviour);
                writer.WriteString("url", turn.Behaviour.Url ?? turn.Incoming.Origin + path);
            }

            writer.WriteString("mime_type", Sample.Picture.ContentType);
            writer.WriteEndObject();
        }

        /// <summary>The first argument that is wrong, or null. But for <c>size</c>, no such text is known.</summary>
        private static Fault? Check(ImageRequest request, ImageModel model, bool isEdit)
        {
            if (request.HasSize)
                return Fault.UnsupportedArgument("size") with { Code = "invalid-argument" };
            if (request.Quality is not null && model.Medium is null)
                return Fault.UnsupportedOnModel("quality");
            if (string.IsNullOrWhiteSpace(request.Prompt))
                return Fault.InvalidArgument("Prompt must not be empty");
            if (request.Count is < 1 or > MostImages)
                return Fault.InvalidArgument($"n must be between 1 and {MostImages}");
            if (!isEdit)
                return null;
            if (request.HasBothSources)
                return Fault.InvalidArgument("Only one of image and images may be given");
            if (request.Sources.Count is < 1 or > MostSources)
                return Fault.InvalidArgument($"Between 1 and {MostSources} images must be given");
            return request.Sources.FirstOrDefault(source => source.Problem is not null) is { Problem: { } problem } ? Fault.InvalidArgument(problem) : null;
        }
    }
}
