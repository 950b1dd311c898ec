using System.Text.Json;

namespace LlmTr.Xai.Responses;

/// <summary>What a piece of an answer is.</summary>
public enum OutputPieceKind : byte
{
    /// <summary>A text part of a message.</summary>
    Text,

    /// <summary>A part of a message that says why there is no answer. OpenAI's; xAI was never seen to send one.</summary>
    Refusal,

    /// <summary>A part of the summary of the model's reasoning.</summary>
    Reasoning,

    /// <summary>A call of one of the caller's functions.</summary>
    Call,
}

/// <summary>Walks over what a whole response says (xAI contract, section 3.5), in its order and in place: nothing is copied or allocated.</summary>
public ref struct OutputPieces
{
    private readonly ReadOnlySpan<byte> _output;
    private Utf8JsonReader _items;
    private ReadOnlySpan<byte> _list;
    private Utf8JsonReader _parts;
    private bool _isReasoning;

    /// <summary>Starts before the first piece.</summary>
    /// <param name="response">A body that <see cref="ResponseReading.TryReadBody"/> has read.</param>
    public OutputPieces(ReadOnlySpan<byte> response)
    {
        _output = Output(response);
        _items = JsonPass.Over(_output);
        if (!_output.IsEmpty)
            _items.Read();
    }

    /// <summary>What the current piece is.</summary>
    public OutputPieceKind Kind { get; private set; }

    /// <summary>The text of the current piece: a JSON string with its quotes. Empty for a call.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>The current call; meaningless for any other piece.</summary>
    public OutputItem Call { get; private set; }

    /// <summary>Steps to the next piece; false at the end.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            if (NextPart())
                return true;
            if (_output.IsEmpty || !_items.Read() || _items.TokenType == JsonTokenType.EndArray)
                return false;

            var item = OutputItem.Read(_output, ref _items);
            if (item.IsFunctionCall)
            {
                Kind = OutputPieceKind.Call;
                Text = default;
                Call = item;
                return true;
            }

            _isReasoning = item.IsReasoning;
            _list = item.IsMessage ? item.Content : _isReasoning ? item.Summary : default;
            _parts = JsonPass.Over(_list);
            if (!_list.IsEmpty)
                _parts.Read();
        }
    }

    private bool NextPart()
    {
        while (!_list.IsEmpty && _parts.Read() && _parts.TokenType != JsonTokenType.EndArray)
        {
            ReadOnlySpan<byte> type = default, text = default, refusal = default;
            if (_parts.TokenType != JsonTokenType.StartObject)
            {
                _parts.Skip();
                continue;
            }

            while (_parts.Read() && _parts.TokenType == JsonTokenType.PropertyName)
            {
                if (_parts.IsNamed("type"u8))
                    type = JsonPass.NextOf(JsonTokenType.String, _list, ref _parts);
                else if (_parts.IsNamed("text"u8))
                    text = JsonPass.NextOf(JsonTokenType.String, _list, ref _parts);
                else if (_parts.IsNamed("refusal"u8))
                    refusal = JsonPass.NextOf(JsonTokenType.String, _list, ref _parts);
                else
                    _parts.Skip();
            }

            var isRefusal = type.SequenceEqual("\"refusal\""u8);
            Kind = _isReasoning ? OutputPieceKind.Reasoning : isRefusal ? OutputPieceKind.Refusal : OutputPieceKind.Text;
            Text = isRefusal ? refusal : text;
            if (!Text.IsEmpty)
                return true;
        }

        _list = default;
        return false;
    }

    private static ReadOnlySpan<byte> Output(ReadOnlySpan<byte> response)
    {
        ReadOnlySpan<byte> output = default;
        var reader = JsonPass.Over(response);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("output"u8))
                output = JsonPass.NextOf(JsonTokenType.StartArray, response, ref reader);
            else
                reader.Skip();
        }

        return output;
    }
}
