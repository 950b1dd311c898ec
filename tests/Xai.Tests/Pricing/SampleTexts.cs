using System.Security.Cryptography;
using System.Text;

namespace LlmTr.Xai.Tests.Pricing;

/// <summary>Texts of many kinds and lengths, the same in every run: sentences in random order for languages, drawn bytes for what has no words.</summary>
internal static class SampleTexts
{
    public const int PerKind = 100;

    private static readonly string[] English =
    [
        "The committee met again on Thursday and agreed to postpone the vote. ", "Please summarise the attached report in three short paragraphs. ",
        "Although the river had fallen, the ferry did not run until the end of the week. ", "What is the difference between a lease and a licence? ",
        "Rewrite the following e-mail so that it sounds friendlier, and keep it under a hundred words. ", "I don't think she'd have agreed, had she known. ",
    ];

    private static readonly string[] Turkish =
    [
        "Komisyon perşembe günü yeniden toplandı ve oylamayı ertelemeye karar verdi. ", "Lütfen ekteki raporu üç kısa paragrafta özetleyin. ",
        "Irmak alçalmış olsa da vapur hafta sonuna kadar çalışmadı. ", "Kira sözleşmesi ile kullanım izni arasındaki fark nedir? ",
        "Aşağıdaki e-postayı daha samimi bir dille, yüz sözcüğü geçmeden yeniden yazar mısın? ", "Görüştüğümüz müşterilerimizden bazıları değişikliklerden hoşlanmamışlardı. ",
    ];

    private static readonly string[] Russian =
    [
        "Комиссия снова собралась в четверг и решила отложить голосование. ", "Пожалуйста, перескажите приложенный отчёт в трёх коротких абзацах. ",
        "Чем договор аренды отличается от лицензии? ", "Хотя вода в реке спала, паром не ходил до конца недели. ",
    ];

    private static readonly string[] Arabic =
    [
        "اجتمعت اللجنة مرة أخرى يوم الخميس وقررت تأجيل التصويت. ", "يرجى تلخيص التقرير المرفق في ثلاث فقرات قصيرة. ", "ما الفرق بين عقد الإيجار والترخيص؟ ",
    ];

    private static readonly string[] Hindi =
    [
        "समिति की बैठक गुरुवार को फिर हुई और मतदान टाल दिया गया। ", "कृपया संलग्न रिपोर्ट का सार तीन छोटे अनुच्छेदों में लिखिए। ", "पट्टे और अनुमति पत्र में क्या अंतर है? ",
    ];

    private static readonly string[] Chinese =
    [
        "委员会星期四再次开会，决定推迟投票。", "请用三个短段落概括所附的报告。", "租约和许可证有什么区别？", "虽然河水已经退去，渡船直到周末才恢复运行。", "請把下面的郵件改寫得更親切一些，不要超過一百個字。",
    ];

    private static readonly string[] Japanese =
    [
        "委員会は木曜日に再び開かれ、採決を延期することにした。", "添付の報告書を三つの短い段落に要約してください。", "賃貸借契約と使用許可の違いは何ですか。", "川の水は引いたが、渡し船は週末まで動かなかった。",
    ];

    private static readonly string[] Korean =
    [
        "위원회는 목요일에 다시 모여 표결을 미루기로 했다. ", "첨부한 보고서를 짧은 세 문단으로 요약해 주세요. ", "임대 계약과 사용 허가의 차이는 무엇입니까? ",
    ];

    private static readonly string[] Emoji = ["😀", "🎉", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇹🇷", "🇯🇵", "🫠", "🧑🏿‍🚀", "❤️‍🔥", "🪿", "🐦‍⬛", "🥹", "☕️"];

    private static readonly string[] CSharp =
    [
        "    public static int Sum(ReadOnlySpan<int> values)\n    {\n        var sum = 0;\n        foreach (var value in values)\n            sum += value;\n        return sum;\n    }\n\n",
        "if (order is { Total: > 0m, Lines.Count: var n } && n < MaxLines)\n    await queue.EnqueueAsync(order, cancellationToken);\n", "#include <stdio.h>\nint main(void){for(int i=0;i<10;i++)printf(\"%d\\n\",i);return 0;}\n",
        "def area(r):\n    \"\"\"Area of a circle.\"\"\"\n    return math.pi * r ** 2\n\n", "SELECT u.id, count(*) FROM users u JOIN orders o ON o.user_id = u.id WHERE o.paid_at >= now() - interval '7 days' GROUP BY 1;\n",
    ];

    private static readonly string[] Json =
    [
        "{\"id\":\"a-17\",\"on\":true,\"size\":{\"w\":640,\"h\":480},\"tags\":[\"x\",\"y\"]},", "{\"lat\":41.00527,\"lon\":28.97696,\"t\":1772368496123},", "[[0.125,-3.75e-7,null],[1,2,3]],",
    ];

    /// <summary>The kinds, each with a way to make a text of about so many characters.</summary>
    public static IReadOnlyDictionary<string, Func<Draw, int, string>> Kinds { get; } = new Dictionary<string, Func<Draw, int, string>>
    {
        ["English"] = static (draw, length) => Sentences(draw, length, English),
        ["Turkish"] = static (draw, length) => Sentences(draw, length, Turkish),
        ["Russian"] = static (draw, length) => Sentences(draw, length, Russian),
        ["Arabic"] = static (draw, length) => Sentences(draw, length, Arabic),
        ["Hindi"] = static (draw, length) => Sentences(draw, length, Hindi),
        ["Chinese"] = static (draw, length) => Sentences(draw, length, Chinese),
        ["Japanese"] = static (draw, length) => Sentences(draw, length, Japanese),
        ["Korean"] = static (draw, length) => Sentences(draw, length, Korean),
        ["code"] = static (draw, length) => Sentences(draw, length, CSharp),
        ["JSON"] = static (draw, length) => Sentences(draw, length, Json),
        ["emoji"] = static (draw, length) => Sentences(draw, length, Emoji),
        ["digits"] = static (draw, length) => Letters(draw, length, "0123456789"),
        ["base64"] = static (draw, length) => Convert.ToBase64String(draw.Bytes((length * 3 / 4) + 1)),
        ["hexadecimal"] = static (draw, length) => Convert.ToHexStringLower(draw.Bytes((length / 2) + 1)),
        ["punctuation"] = static (draw, length) => Letters(draw, length, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        ["rare symbols"] = static (draw, length) => string.Concat(Enumerable.Range(0, length).Select(_ => char.ConvertFromUtf32(0x1D400 + draw.Below(0x400)))),
    };

    /// <summary>The texts of a kind, of 1 to about 2,000 characters, as many short as long ones; what has no breaks takes a tokenizer time that grows with its square.</summary>
    public static IEnumerable<string> Of(string kind)
    {
        var draw = new Draw(kind);
        for (var i = 0; i < PerKind; i++)
            yield return Kinds[kind](draw, (1 << draw.Below(11)) + draw.Below(1 << draw.Below(10)));
    }

    private static string Sentences(Draw draw, int length, string[] sentences)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(sentences[draw.Below(sentences.Length)]);
        return text.ToString();
    }

    private static string Letters(Draw draw, int length, string letters) => string.Concat(Enumerable.Range(0, length).Select(_ => letters[draw.Below(letters.Length)]));

    /// <summary>Drawn numbers that depend on the name alone: a chain of hashes.</summary>
    internal sealed class Draw(string name)
    {
        private byte[] _block = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        private int _used;

        public int Below(int limit)
        {
            var four = Bytes(4);
            return (int)(BitConverter.ToUInt32(four) % (uint)limit);
        }

        public byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            for (var i = 0; i < count; i++)
            {
                if (_used == _block.Length)
                    (_block, _used) = (SHA256.HashData(_block), 0);
                bytes[i] = _block[_used++];
            }

            return bytes;
        }
    }
}
