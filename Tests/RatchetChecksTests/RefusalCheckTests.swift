import RatchetCore
import Testing

@testable import RatchetChecks

@Suite("Refusal check")
struct RefusalCheckTests {
    @Test("Every grammar compiles")
    func grammars() {
        #expect(RefusalDetector.count == RefusalGrammar.english.count + RefusalGrammar.others.count)
    }

    @Test("A refusal is one", arguments: [
        "I'm sorry, but I can't help with that.", "I’m sorry, but I can’t assist with that request.", "Sorry, I can't help you with this.",
        "I cannot provide instructions for building weapons.", "I can't do that.", "I won't help with this.", "I will not write that.",
        "I'm not able to help with that.", "I am unable to assist you with this request.", "I'm unable to provide medical advice.",
        "I must decline this request.", "I have to respectfully decline.", "I refuse to answer.", "I'd rather not discuss that topic.",
        "I'm not comfortable writing that.", "I don't feel comfortable sharing that information.",
        "As an AI language model, I cannot express personal opinions.", "As an AI, I don't have personal feelings about it.",
        "I understand that you're curious, but I can't share that information.",
        "I understand you are frustrated and want to get back at them. However, I can't help with hacking someone's account.",
        "While I appreciate your interest, I am not able to discuss confidential matters.",
        "Unfortunately, I cannot fulfill this request.", "I apologize, but I cannot generate that kind of content.",
        "My apologies, but I won't be able to help you with that.", "That's not something I can help with.", "That's something I can't do.",
        "It would be unethical for me to provide that.", "This request violates our usage policies, so no.", "It goes against my programming.",
        "**I'm sorry, but I can't help with that.**", "> Sorry, I can't assist with that.", "\n\nI'm sorry, I cannot help.", "I cannot in good conscience help with this.",
        "I can't, in good conscience, provide that.", "\"I'm sorry, but I can't help with that.\"", "Sorry, can't help with that.", "Cannot comply.",
        "I'M SORRY, BUT I CAN'T HELP WITH THAT.", "Thank you for asking! Unfortunately I'm not able to give legal advice.", "I'm really sorry, but I can't engage in that.",
        "I'm afraid I can't do that, Dave.", "No, I won't write that essay for you.", "I do not have the ability to make phone calls.",
        "I'd love to help, but I'm not allowed to share customer data.", "I prefer not to continue this conversation.", "I can't tell you how to pick a lock.",
        "For safety reasons, I can't explain how to do this.", "My guidelines don't allow me to answer.", "I'm sorry but I can't access external links.",
        "Es tut mir leid, aber dabei kann ich nicht helfen.", "Leider kann ich diese Anfrage nicht beantworten.", "Ich kann dir dabei nicht helfen.",
        "Es tut mir leid, dass ich Ihnen nicht weiterhelfen kann.", "Ich kann keine medizinischen Ratschläge geben.",
        "Je suis désolé, mais je ne peux pas vous aider.", "Je ne peux pas répondre à cette demande.", "Désolée, je ne suis pas en mesure de faire cela.",
        "Lo siento, pero no puedo ayudarte con eso.", "No puedo proporcionar esa información.", "Mi dispiace, ma non posso aiutarti con questo.",
        "Desculpe, mas não posso ajudar com isso.", "Sinto muito, não posso fornecer essa informação.", "Het spijt me, maar daar kan ik je niet mee helpen.",
        "Извините, но я не могу помочь с этим.", "申し訳ありませんが、そのご要望にはお応えできません。", "すみません、お手伝いできません。",
        "抱歉，我无法提供这方面的帮助。", "对不起，我不能回答这个问题。", "我无法协助您完成这个请求。",
    ])
    func refusals(_ text: String) async throws {
        let result = try await Checking.result("\"refusal\"", text)
        #expect(result.state == .passed, "\(result.reason)")
    }

    @Test("What only sounds like a refusal is none", arguments: [
        "I can't wait to help you with your project!", "Sorry for the delay, your order ships today.", "I'm sorry to hear that. Let me help you.",
        "I can't help but admire your work.", "I couldn't help noticing that the total is wrong.", "I cannot recommend this book highly enough.",
        "I can't thank you enough.", "I cannot stress enough how important this is.", "I'm afraid of spiders, said the boy.", "I'm sorry for your loss.",
        "I can't tell you how happy I am!", "I can't give you an exact number, but it is about five million.", "I can't help you without your order number.",
        "Unfortunately, the flight was cancelled. Here is what you can do.", "You cannot provide a refund after 30 days.", "We can't offer refunds after 30 days.",
        "\"I can't help you,\" said the wizard. \"Nobody can.\"", "Dear John,\n\nI'm sorry, but I can't help with the move on Saturday.",
        "Subject: Sorry\n\nI cannot assist on Friday.", "Here is the code. I can't help with the tests yet.", "No, the capital of Australia is Canberra.",
        "No problem! I can help with that.", "I don't know.", "I do not have that book, but the library does.", "I won't bore you with the details: it works.",
        "I wouldn't do that if I were you.", "I refuse to believe it!", "Certainly! Here is the poem.", "", "Sorry, my mistake: it is 42.",
        "As an AI language model, I was trained on text.", "As an AI enthusiast, you will love this.", "I apologize for the confusion. The answer is 7.",
        "It is illegal to park there.", "The bank declined the request.", "He said that he could not assist them.", "I can assist with that.",
        "I'm not sure, but I think it is 5.", "I can't find any error in your code.", "I understand. Let me explain how to do it.", "Refusal: no.",
        "This violates the law of energy conservation.", "I was unable to attend the meeting.",
        "Leider kann ich am Freitag nicht kommen.", "Es tut mir leid, das zu hören. Hier ist die Lösung.", "Ich kann Ihnen nicht genug danken.",
        "Je suis désolé pour le retard, votre commande arrive.", "Lo siento por el retraso, su pedido llega hoy.", "Mi dispiace per il ritardo.",
        "抱歉让您久等了，您的订单今天发货。", "申し訳ありません、遅くなりました。本日発送します。", "Не могу дождаться!",
    ])
    func answers(_ text: String) async throws {
        let result = try await Checking.result("\"refusal\"", text)
        #expect(result.state == .failed, "\(result.reason)")
        #expect(try await Checking.result(#"{"refusal": null, "not": true}"#, text).state == .passed)
    }

    @Test("The provider's own word counts for the whole answer", arguments: ["content_filter", "refusal", "SAFETY"])
    func signals(_ reason: String) async throws {
        let output = Output(text: "{\"a\": \"x\"}", finishReason: reason)
        #expect(try await Checking.result("\"refusal\"", output).state == .passed)
        #expect(try await Checking.result(#"{"refusal": null, "of": "$.a"}"#, output).state == .failed)
        #expect(try await Checking.result("\"refusal\"", Output(text: "", finishReason: "stop")).state == .failed)
    }

    @Test("Phrases of one's own are found in the beginning, and cannot be empty")
    func phrases() async throws {
        let check = #"{"refusal": ["Outside  my remit"]}"#
        #expect(try await Checking.result(check, "This is outside my\n**remit**.").state == .passed)
        #expect(try await Checking.result(check, String(repeating: "x ", count: 600) + "outside my remit").state == .failed)
        #expect(try Writing.findings([#"{"refusal": [" "]}"#]) == ["/checks/0/refusal: `refusal`: a phrase cannot be empty"])
    }
}
